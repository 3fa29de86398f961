import * as fc from "fast-check";
import { derivedRegistryName, derivedStorageName, nameProblems, type NameKind } from "../../components/plan/names";
import { describe as line } from "../../components/plan/refuse";
import { COMPLETE_PROBLEM, proposed } from "../support/refusal";

/** Azure's and Kubernetes' own patterns, written apart from the code under test. */
const ACCEPTED: Record<NameKind, RegExp> = {
  registry: /^[a-zA-Z0-9]{5,50}$/,
  cluster: /^(?=.{1,63}$)[a-zA-Z0-9]$|^(?=.{2,63}$)[a-zA-Z0-9][a-zA-Z0-9_-]*[a-zA-Z0-9]$/,
  nodePool: /^[a-z][a-z0-9]{0,7}$/,
  workload: /^(?=.{1,40}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  namespace: /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  resourceGroup: /^[\p{L}\p{N}._()-]{0,89}[\p{L}\p{N}_()-]$/u,
};
const KINDS: readonly NameKind[] = ["registry", "cluster", "nodePool", "workload", "namespace", "resourceGroup"];
const anyKind = fc.constantFrom(...KINDS);
/** Names near the boundary: right characters with a few wrong ones, up to a little over the longest limit. */
const nearlyNames = fc
  .array(fc.constantFrom(..."abz019-AZ_ .é"), { maxLength: 70 })
  .map((characters) => characters.join(""));

describe("nameProblems", () => {
  it.each<[NameKind, string, string]>([
    ["registry", "ml", "mlreg"],
    ["registry", "my-registry", "myregistry"],
    ["registry", "r".repeat(51), "r".repeat(50)],
    ["cluster", "train-", "train"],
    ["nodePool", "GPUPool", "gpupool"],
    ["nodePool", "gpu-a100", "gpua100"],
    ["nodePool", "traininga100pool", "training"],
    ["nodePool", "100gpu", "gpu"],
    ["namespace", "Fine_Tune", "fine-tune"],
    ["resourceGroup", "ml.", "ml"],
    ["resourceGroup", "ml group", "ml-group"],
    ["resourceGroup", "g".repeat(91), "g".repeat(90)],
    ["workload", "", "name"],
    ["workload", `${"a".repeat(39)}-bc`, "a".repeat(39)],
    ["cluster", `${"a".repeat(62)}--b`, "a".repeat(62)],
    ["namespace", `${"a".repeat(62)}-b`, "a".repeat(62)],
  ])("refuses the %s name %p and proposes %p, which it accepts", (kind, name, mended) => {
    const problems = nameProblems(kind, "name", name);
    expect(problems.map((problem) => proposed(line(problem)))).toEqual([mended]);
    expect(nameProblems(kind, "name", mended)).toEqual([]);
  });

  it.each<[NameKind, string]>([
    ["registry", "mlreg"],
    ["registry", "r".repeat(50)],
    ["cluster", "c"],
    ["cluster", "c".repeat(63)],
    ["nodePool", "g"],
    ["nodePool", "a100pool"],
    ["workload", "w".repeat(40)],
    ["namespace", "n".repeat(63)],
    ["resourceGroup", "rg.(1)_é"],
    ["resourceGroup", "g".repeat(90)],
  ])("accepts the %s name %p at a boundary", (kind, name) => {
    expect(nameProblems(kind, "name", name)).toEqual([]);
  });

  it.each<[NameKind, string]>([
    ["registry", "r".repeat(4)],
    ["cluster", "c".repeat(64)],
    ["nodePool", "g".repeat(9)],
    ["workload", "w".repeat(41)],
    ["namespace", "n".repeat(64)],
  ])("refuses the %s name %p just past a boundary", (kind, name) => {
    expect(nameProblems(kind, "name", name)).toHaveLength(1);
  });

  it("writes code, path, value, limits and fix on one line", () => {
    expect(nameProblems("nodePool", "name", "gpu-a100").map(line)).toEqual([
      'AKSFT-NAME-03 name: got "gpu-a100"; needs 1 to 8 lower-case letters and digits, a letter first ' +
        '(4 more characters are kept for replacements), has 8 characters; fix: use for example "gpua100"',
    ]);
    expect(nameProblems("registry", "registryName", "ml").map(line)).toEqual([
      'AKSFT-NAME-01 registryName: got "ml"; needs 5 to 50 letters and digits, has 2 characters; fix: use for example "mlreg"',
    ]);
  });

  it("does not give a token away in the name it proposes", () => {
    const token = "hf_AbCdEfGhIjKlMnOpQrStUvWx";
    for (const kind of KINDS) {
      const shown = nameProblems(kind, "name", token).map(line).join().toLowerCase();
      expect(shown).not.toContain(token.slice(3).toLowerCase());
    }
  });

  it("accepts exactly the names that Azure and Kubernetes accept", () => {
    fc.assert(
      fc.property(anyKind, nearlyNames, (kind, name) => {
        expect(nameProblems(kind, "name", name).length === 0).toBe(ACCEPTED[kind].test(name));
      }),
    );
  });

  it("proposes a name that it accepts, whatever it refused", () => {
    fc.assert(
      fc.property(anyKind, fc.oneof(nearlyNames, fc.string()), (kind, name) => {
        for (const problem of nameProblems(kind, "name", name)) {
          expect(line(problem)).toMatch(COMPLETE_PROBLEM);
          expect(nameProblems(kind, "name", proposed(line(problem)))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("derived names", () => {
  it("are what Azure accepts, for any project, stack and logical name", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (project, stack, name) => {
        expect(derivedRegistryName(project, stack, name)).toMatch(/^[a-z0-9]{5,50}$/);
        expect(derivedStorageName(project, stack, name)).toMatch(/^[a-z0-9]{3,24}$/);
      }),
    );
  });

  it("begin with the logical name and stay the same for the same stack", () => {
    expect(derivedRegistryName("ai", "dev", "My-Datasets")).toMatch(/^mydatasets[a-f0-9]{8}$/);
    expect(derivedStorageName("ai", "dev", "Team-Support")).toMatch(/^teamsupport[a-f0-9]{10}$/);
    expect(derivedRegistryName("ai", "dev", "adapters")).toBe(derivedRegistryName("ai", "dev", "adapters"));
  });

  it("differ between stacks, as the name is unique in all of Azure", () => {
    expect(derivedRegistryName("ai", "dev", "adapters")).not.toBe(derivedRegistryName("ai", "prod", "adapters"));
    expect(derivedStorageName("ai", "dev", "support")).not.toBe(derivedStorageName("other", "dev", "support"));
  });
});
