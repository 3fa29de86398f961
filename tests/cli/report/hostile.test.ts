import fc from "fast-check";
import type { Json, JsonObject } from "../../../cli/report/read/json";
import { reportOf } from "../../../cli/report/model/report";
import { previewOf } from "../../../cli/report/read/read";
import { LEAST_CHARACTERS, MOST_CHARACTERS, rendered } from "../../../cli/report/render/render";
import { type ComposedStep, digestOf, eventsOf, urn } from "../../support/composed-preview";
import { COMPOSED } from "../../support/composed-situations";
import { markdownFaults } from "../../support/markdown-balance";

/** What could break out of a comment, a table, a fence or a terminal, among words. */
const NASTY = fc.constantFrom(
  ...["<script>alert(1)</script>", "</details>", "<!--", "-->", "`", "```", "````\n", "~~~", "|", "\\|", "\\", "**", "@team", "#12", "GH-1", "[x](javascript:y)", "![i](http://h/p.png)"],
  ...["\n", "\r\n# title\n", "\u001b[2J", "\u001b]8;;http://evil\u0007", "\u202e", "\u200b", "\u0000", "\ud800", "😀", "e\u0301\u0301\u0301\u0301\u0301", ":tada:", "https://evil.example", "&lt;", "x".repeat(400), " ", "a", "=", "- ", "1. ", "> "],
);
const text = fc.array(NASTY, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(text, tie("value"), { maxKeys: 3 })),
})).value;
const inputs = fc.dictionary(fc.oneof(text, fc.constantFrom("vmSize", "maxCount", "reason", "location", "kubernetesVersion", "adapters", "runId", "model", "spec", "hours")), json, { maxKeys: 5 });
const type = fc.constantFrom(
  ...["aks-fine-tuning:index:TuningJob", "aks-fine-tuning:index:InferenceService", "aks-fine-tuning:index:GpuNodePool", "azure-native:containerservice:AgentPool", "azure-native:containerservice:ManagedCluster"],
  ...["azure-native:resources:ResourceGroup", "azure-native:resources:Resource", "kubernetes:core/v1:Namespace", "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job", "kubernetes:kaito.sh/v1beta1:Workspace"],
);
const op = fc.constantFrom("create", "update", "replace", "delete", "same", "read", "fly");

const step: fc.Arbitrary<ComposedStep> = fc.record({ op, type, name: text, old: inputs, new: inputs, gpu: fc.boolean(), kinds: fc.dictionary(text, fc.constantFrom("update", "add", "update-replace"), { maxKeys: 3 }) }).map(
  ({ name, gpu, ...rest }): ComposedStep => {
    const sized = (given: JsonObject): JsonObject => (gpu ? { ...given, vmSize: `Standard_NC${name}`, maxCount: 3, enableAutoScaling: true } : given);
    return { ...rest, old: sized(rest.old), new: sized(rest.new), urn: urn(rest.type, name) };
  },
);
const composed = fc.record({ steps: fc.array(step, { maxLength: 12 }), messages: fc.array(fc.record({ severity: fc.constantFrom("error", "warning", "info"), message: text }), { maxLength: 3 }), config: fc.constant({}) });
const bound = fc.integer({ min: LEAST_CHARACTERS, max: 8000 });

describe("a hostile preview", () => {
  it("gives a bounded, balanced comment that holds no HTML, no link and no mention of its own", () => {
    fc.assert(
      fc.property(composed, bound, fc.constantFrom("github" as const, "azure-devops" as const), fc.boolean(), (preview, most, format, asDigest) => {
        const report = reportOf(previewOf(asDigest ? digestOf(preview) : eventsOf(preview)));
        const comment = rendered(report, format, most);
        expect(markdownFaults(comment)).toEqual([]);
        expect(comment.length).toBeLessThanOrEqual(most);
        expect(rendered(report, format, most)).toBe(comment);
      }),
      { numRuns: 300 },
    );
  });

  it("moves no cursor and turns no line around in a terminal, and is JSON as JSON", () => {
    fc.assert(
      fc.property(composed, (preview) => {
        const report = reportOf(previewOf(eventsOf(preview)));
        expect(rendered(report, "text")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(rendered(report, "json"))).toMatchObject({ schema: 1 });
      }),
      { numRuns: 100 },
    );
  });

  it("tells no secret, wherever one is", () => {
    const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2-is-the-secret" };
    const holding = fc.constantFrom<Json>(SECRET, { deep: [SECRET] }, JSON.stringify(SECRET), { adminPassword: "hunter2-is-the-secret" }, "ghp_hunter2-is-the-secret-0123456789");
    fc.assert(
      fc.property(type, holding, fc.constantFrom("update", "replace"), fc.boolean(), (of, secret, action, told) => {
        const keys = ["vmSize", "reason", "model", "runId", "spec", "tags"];
        const given = (more: Json) => Object.fromEntries(keys.map((key) => [key, key === "tags" ? [secret, more] : secret]));
        const kinds = told ? Object.fromEntries(keys.map((key) => [key, action === "replace" ? "update-replace" : "update"])) : undefined;
        const preview = previewOf(digestOf({ steps: [{ op: action, type: of, urn: urn(of, "x"), old: given(1), new: given(2), kinds }], messages: [{ severity: "warning", message: JSON.stringify(secret) }] }));
        for (const format of ["github", "text", "json"] as const) expect(rendered(reportOf(preview), format)).not.toMatch(/hunter2/);
      }),
    );
  });
});

describe("what was cut off or damaged", () => {
  const whole = [digestOf(COMPOSED["cluster-replaced"] ?? { steps: [] }), eventsOf(COMPOSED["cluster-replaced"] ?? { steps: [] })];

  it("gives a balanced comment, wherever it was cut", () => {
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.double({ min: 0, max: 1, noNaN: true }), (printed, part) => {
        const report = reportOf(previewOf(printed.slice(0, Math.floor(printed.length * part))));
        expect(markdownFaults(rendered(report, "github"))).toEqual([]);
        // The last events of a stream change nothing any more.
        expect(["cut off", "empty", "complete", "not a preview"]).toContain(report.outcome);
      }),
      { numRuns: 100 },
    );
  });

  it("gives a balanced comment, whatever stands in its midst", () => {
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.double({ min: 0, max: 1, noNaN: true }), fc.oneof(text, fc.string({ unit: "binary" })), (printed, part, damage) => {
        const at = Math.floor(printed.length * part);
        const report = reportOf(previewOf(printed.slice(0, at) + damage + printed.slice(at + damage.length)));
        expect(markdownFaults(rendered(report, "github"))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("gives a balanced comment or a plain refusal of any text at all", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json(), text), (printed) => {
        expect(markdownFaults(rendered(reportOf(previewOf(printed)), "github"))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("10,000 resources", () => {
  const of = "azure-native:containerservice:AgentPool";
  const steps = Array.from({ length: 10_000 }, (_, index): ComposedStep => {
    const size = { vmSize: "Standard_NC4as_T4_v3", maxCount: 1, enableAutoScaling: true };
    return { op: "replace", type: of, urn: urn(of, `pool-${index}`), old: size, new: { ...size, vmSize: "Standard_NC8as_T4_v3" }, kinds: { vmSize: "update-replace" } };
  });
  const report = reportOf(previewOf(digestOf({ steps })));

  it.each([LEAST_CHARACTERS, 10_000, MOST_CHARACTERS])("fit into %d characters, with a count of what was left out, and something of every section", (most) => {
    const comment = rendered(report, "github", most);
    expect(comment.length).toBeLessThanOrEqual(most);
    expect(comment.length).toBeGreaterThan(most * 0.8);
    expect(markdownFaults(comment)).toEqual([]);
    expect(comment).toMatch(new RegExp(`_Left out, as a report has at most ${most} characters: \\d+ replaced or deleted things, \\d+ pools, .*_\\n$`));
    expect(comment).toContain("**Replaces 10000 GPU pools.**");
  });

  it("keep the rows of every section that come first", () => {
    expect(rendered(report, "github", 12_000)).toMatch(/GPU pool `pool-0`[^]*#### GPU nodes[^]*\| `pool-0` \|[^]*#### Quota[^]*Standard NCASv3_T4 Family vCPUs/);
  });
});
