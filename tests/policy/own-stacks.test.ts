import type { JsonObject } from "../../sandbox/providers/values";
import { type Program, PROGRAMS } from "../support/programs";
import type { Declared } from "./planted/declared";
import { reported, reportedOfStack } from "./planted/report";

jest.setTimeout(120_000);

const STACKS = PROGRAMS.filter(({ name }) => name.endsWith(" stack"));

/** Rules that a stack breaks on purpose when it is held to production's, each with the resources that break it. A stack that is not listed breaks none. */
const LOOSENED: Readonly<Record<string, readonly string[]>> = {
  "the dev stack": [
    "cluster-api-server-limited ai",
    "cluster-audit-logs ai",
    "cluster-azure-policy ai",
    "cluster-defender ai",
    "cluster-monitoring ai",
    "cluster-paid-tier ai",
    "cluster-secret-rotation ai",
    "pool-host-encryption ai",
    "pool-host-encryption gpu",
    "registry-closed adapters",
    "registry-closed datasets",
    "subnet-security-group ai-nodes",
    "system-pool-dedicated ai",
    "system-pool-nodes ai",
    "system-pool-zones ai",
  ],
  // As small as production's shape goes, and deleted with the release that it tries.
  "the staging stack": ["registry-zone-redundant adapters", "registry-zone-redundant datasets", "system-pool-nodes ai", "system-pool-zones ai"],
};

async function declaredBy(program: Program): Promise<readonly Declared[]> {
  return (await program()).map(({ inputs, ...each }) => ({ ...each, props: inputs as JsonObject }));
}

describe("the stacks of this repository", () => {
  it.each(STACKS)("$name breaks the rules that it loosens on purpose, and no other", async ({ name, program }) => {
    const declared = await declaredBy(program);
    const broken = [...reported(declared), ...reportedOfStack(declared)].map(({ rule, resource }) => `${rule} ${resource}`);
    expect([...new Set(broken)].sort()).toEqual(LOOSENED[name] ?? []);
  });

  it("include one for development, which breaks no rule of development", async () => {
    const [dev] = STACKS;
    const declared = await declaredBy(dev?.program ?? (() => Promise.resolve([])));
    expect(declared.length).toBeGreaterThan(50);
    expect([...reported(declared, { environment: "development" }), ...reportedOfStack(declared, { environment: "development" })]).toEqual([]);
  });
});
