import { type Report, reportOf } from "../../../cli/report/model/report";
import { previewOf } from "../../../cli/report/read/read";
import { type ComposedStep, digestOf, urn } from "../../support/composed-preview";

const A100 = "Standard_NC24ads_A100_v4";
const REGION = { "aks-fine-tuning:location": "eastus" };
const RUN = { runId: "4d2073d5e8", shape: { size: A100, nodes: 1, gpusPerNode: 1 }, priority: "Regular", engine: "kaito", kaitoVersion: "0.12", nodes: 1 };
const SERVICE = { engine: "kaito", kaitoVersion: "0.12", model: "phi-4", replicas: 3, serveBase: false, adapters: ["tickets"], size: A100, nodes: 2 };
const SERVICE_URN = urn("aks-fine-tuning:index:InferenceService", "tickets");
const IMAGE = `mlreg.azurecr.io/support/tickets@sha256:${"9".repeat(64)}`;
const INFERENCE = { preset: { name: "microsoft/phi-4" }, adapters: [{ source: { name: "tickets", image: IMAGE } }] };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const run = (op: string, inputs: object = {}, record?: string): ComposedStep => {
  const all = { ...RUN, ...inputs };
  const outputs = record === undefined ? {} : { record: { state: record } };
  return { op, type: "aks-fine-tuning:index:TuningJob", urn: urn("aks-fine-tuning:index:TuningJob", "tickets"), ...(op === "create" ? {} : { old: RUN, oldOutputs: outputs }), new: all, newOutputs: outputs };
};
const service = (op: string, inputs: object = {}): ComposedStep => {
  const all = { ...SERVICE, ...inputs };
  return { op, type: "aks-fine-tuning:index:InferenceService", urn: SERVICE_URN, ...(op === "create" ? {} : { old: all }), ...(op === "delete" ? {} : { new: all }) };
};
const object = (op: string, kind: string, old: ComposedStep["old"], after = old): ComposedStep => {
  const type = `kubernetes:kaito.sh/v1beta1:${kind}`;
  return { op, type, urn: urn(type, "tickets", "aks-fine-tuning:index:InferenceService"), parent: SERVICE_URN, ...(op === "create" ? {} : { old }), new: after };
};
const set = (name: string, replicas = 3) => ({ metadata: { name }, spec: { replicas, template: { inference: INFERENCE } } });

function reported(...steps: readonly ComposedStep[]): Report {
  return reportOf(previewOf(digestOf({ steps, config: REGION })));
}

/** Nodes of every pool: held and at most, before and after. */
function nodes(report: Report): unknown[] {
  return report.cost.pools.map(({ pool, heldNodes }) => [pool.name, heldNodes.old, heldNodes.new, pool.old?.maxNodes, pool.new?.maxNodes]);
}

describe("nodes that KAITO makes", () => {
  it.each<[string, readonly ComposedStep[], unknown[]]>([
    ["a run that starts", [run("create")], [["tickets (KAITO run)", 0, 1, undefined, 1]]],
    ["a run under way", [run("same", {}, "tuning")], [["tickets (KAITO run)", 1, 1, 1, 1]]],
    ["a run that is declared", [run("same", {}, "declared")], [["tickets (KAITO run)", 0, 0, 1, 1]]],
    ["a run that has ended", [run("same", {}, "succeeded")], []],
    ["a run after one that has ended", [run("update", { runId: "0000000000" }, "failed")], [["tickets (KAITO run)", 0, 1, undefined, 1]]],
    ["a service", [service("same"), object("same", "InferenceSet", set("tickets-a"))], [["tickets (KAITO service)", 6, 6, 6, 6]]],
    ["a service that waits for its adapter", [service("create")], [["tickets (KAITO service)", 0, 0, undefined, 6]]],
    ["a service whose adapter is known after the update", [service("create"), object("create", "InferenceSet", { metadata: { name: UNKNOWN }, spec: UNKNOWN })], [["tickets (KAITO service)", 0, 0, undefined, 6]]],
    ["a service that goes", [service("delete")], [["tickets (KAITO service)", 0, 0, 6, undefined]]],
    ["one copy, of an old version", [service("same", { replicas: 1, nodes: 1 }), object("same", "Workspace", { metadata: { name: "tickets-a" }, inference: INFERENCE })], [["tickets (KAITO service)", 1, 1, 1, 1]]],
    ["a run on a pool of one's own", [run("create", { nodeSelector: { "aks-fine-tuning.dev/pool": "a100" } })], []],
    ["a service on a pool of one's own", [service("create", { nodeSelector: { "aks-fine-tuning.dev/pool": "a100" } })], []],
    ["runs and services of the library's own", [run("create", { engine: undefined }), service("create", { engine: undefined })], []],
  ])("are counted for %s", (_, steps, expected) => {
    expect(nodes(reported(...steps))).toEqual(expected);
  });

  it("hold a pool of one's own by whole nodes, as many as there are", () => {
    const pool = { vmSize: "Standard_NC48ads_A100_v4", enableAutoScaling: true, minCount: 0, maxCount: 9, nodeLabels: { "aks-fine-tuning.dev/pool": "a100" } };
    const type = "azure-native:containerservice:AgentPool";
    const own = service("same", { nodeSelector: { "aks-fine-tuning.dev/pool": "a100" }, size: "Standard_NC48ads_A100_v4" });
    expect(nodes(reported({ op: "same", type, urn: urn(type, "a100"), old: pool, new: pool }, own, object("same", "InferenceSet", set("tickets-a"))))).toEqual([["a100", 6, 6, 9, 9]]);
  });

  it("stand twice while a second set takes over, which is no loss", () => {
    const report = reported(service("same"), object("replace", "InferenceSet", set("tickets-a"), set("tickets-b")));
    expect(report.quota.needs).toMatchObject([{ oldVcpus: 144, newVcpus: 144, duringVcpus: 288 }]);
    expect(report.losses).toMatchObject([{ what: "KAITO workspace", takenOver: true }]);
    expect(report.services).toEqual([]);
  });

  it("stand once where more of a set are asked for, or the set keeps its name", () => {
    const more = reported(service("update", { replicas: 4 }), object("update", "InferenceSet", set("tickets-a"), set("tickets-a", 4)));
    expect(more.services).toMatchObject([{ action: "update", old: { replicas: 3 }, new: { replicas: 4, adapters: [{ name: "tickets", digest: "999999999999" }] } }]);
    expect(more.losses).toEqual([]);
    const anew = reported(service("same"), object("replace", "InferenceSet", set("tickets-a")));
    expect(anew.losses).toMatchObject([{ consequence: "its run or service starts anew" }]);
    expect(anew.services).toMatchObject([{ action: "replace" }]);
    expect(anew.quota.needs).toMatchObject([{ duringVcpus: 144 }]);
  });
});
