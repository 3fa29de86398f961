import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { readDataset } from "../components/plan/dataset";
import type { JsonObject } from "../sandbox/providers/values";
import { expectedOf } from "./support/expected-examples";
import { hourlyCost } from "./support/hourly-cost";
import { nodePrice } from "./support/list-prices";
import type { Registration } from "./support/mock-engine";
import { EXAMPLE_NAMES, exampleProgram } from "./support/programs";
import { SimulatedAzure } from "./support/simulated-azure";

// A whole program with all its SDK modules, on a machine that may be busy.
jest.setTimeout(180_000);

const EXAMPLES = path.resolve("examples");
const textOf = (example: string): string => readFileSync(path.join(EXAMPLES, example, "index.ts"), "utf8");
/** Nodes of pools that an example uses and does not make. */
const USED: Readonly<Record<string, number>> = { "existing-cluster": 2 * nodePrice("Standard_NC4as_T4_v3", true) };

describe.each(EXAMPLE_NAMES)("the example %s", (name) => {
  let registered: readonly Registration[];
  let made: readonly string[];

  beforeAll(async () => {
    const azure = new SimulatedAzure(0.01);
    // Nothing is trained yet, which is when the example is idle.
    registered = await exampleProgram(name, { azure, record: {} })();
    made = azure.made;
    azure.close();
  });

  it("registers what its list says and nothing else", () => {
    expect(registered.map(labelOf).sort()).toEqual(expectedOf(name));
  });

  it("is taken by the stand-in for Azure, every resource of it", () => {
    const azure = registered.filter(({ type }) => type.startsWith("azure-native:"));
    expect([...made].sort()).toEqual(azure.map((each) => `${each.type} ${each.name}`).sort());
  });

  it("shows what no other example does", () => {
    const { what, is } = DISTINCT[name] ?? { what: undefined, is: "a distinction of its own" };
    expect(what?.(registered)).toEqual(is);
  });

  it("says in its first comment what it costs idle and busy", () => {
    const { idle, busy, dearest } = hourlyCost(registered);
    const used = USED[name] ?? 0;
    const range = [busy + used, ...(dearest > busy ? [dearest + used] : [])].map((usd) => usd.toFixed(2)).join(" to ");
    expect(costsIn(textOf(name))).toEqual({ idle: idle.toFixed(2), busy: range });
    expect(tableRow(name)).toEqual({ idle: idle.toFixed(2), busy: range });
  });

  it("says how it is run, in a comment that imports as a user would", () => {
    const comment = firstComment(textOf(name));
    expect(comment).toMatch(/ Run: copy this folder/);
    expect(comment).toContain('replace "../../components" by "aks-fine-tuning"');
    expect(textOf(name)).toContain('from "../../components"');
  });
});

describe("the examples", () => {
  it("are each a program, beside the rows that they train on", () => {
    const folders = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    expect(folders.sort()).toEqual([...EXAMPLE_NAMES, "support-bot"].sort());
    expect([...EXAMPLE_NAMES].sort()).toEqual(Object.keys(DISTINCT).sort());
  });

  it("train on a hundred rows or more, none twice", () => {
    const dataset = readDataset(readFileSync(path.join(EXAMPLES, "support-bot", "tickets.jsonl"), "utf8"));
    if (!("jsonl" in dataset)) throw new Error(JSON.stringify(dataset));
    const rows = dataset.jsonl.trimEnd().split("\n");
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(new Set(rows).size).toBe(rows.length);
  });
});

describe("what registrations cost by the hour", () => {
  const azure = (type: string, name: string, inputs: Registration["inputs"]): Registration => ({ type: `azure-native:${type}`, name, inputs });
  const A100 = { vmSize: "Standard_NC24ads_A100_v4", minCount: 0, maxCount: 2, nodeLabels: { "aks-fine-tuning.dev/pool": "gpu" } };
  const server = (replicas: number): Registration => {
    const spec = { replicas, template: { spec: { nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" } } } };
    return { type: "kubernetes:apps/v1:Deployment", name: `server-${replicas}`, inputs: { spec } };
  };

  it.each<[string, readonly Registration[], number, number, number]>([
    ["tier and system nodes", [azure("x:ManagedCluster", "ai", { sku: { tier: "Standard" }, agentPoolProfiles: [{ count: 2, vmSize: "Standard_D4ds_v5" }] })], 0.552, 0.552, 0.552],
    ["a fixed pool", [azure("x:AgentPool", "cpu", { vmSize: "Standard_D4s_v5", count: 2 })], 0.384, 0.384, 0.384],
    ["a pair, whose pools stand in for each other", [azure("x:AgentPool", "a", { ...A100, scaleSetPriority: "Spot" }), azure("x:AgentPool", "b", A100)], 0, 0.888866, 7.346],
    ["reserved nodes, running or not", [azure("x:AgentPool", "gpu", { ...A100, capacityReservationGroupID: "group" })], 7.346, 7.346, 7.346],
    ["a node for an endpoint that is up", [azure("x:AgentPool", "gpu", A100), server(1), server(0)], 3.673, 7.346, 7.346],
    ["one node for seven slices, two for eight", [azure("x:AgentPool", "gpu", { ...A100, gpuInstanceProfile: "MIG1g" }), server(5), server(3)], 7.346, 7.346, 7.346],
  ])("counts %s", (_, registrations, idle, busy, dearest) => {
    const cost = hourlyCost(registrations);
    expect([cost.idle, cost.busy, cost.dearest].map((usd) => usd.toFixed(6))).toEqual([idle, busy, dearest].map((usd) => usd.toFixed(6)));
  });

  it("is not guessed for a size without a price", () => {
    expect(() => hourlyCost([azure("x:AgentPool", "cpu", { vmSize: "Standard_D8s_v5", count: 1 })])).toThrow("no pay-as-you-go price of Standard_D8s_v5 is known");
  });
});

/** What of its registrations is the point of an example, and what it is. */
const DISTINCT: Readonly<Record<string, { readonly what: (registered: readonly Registration[]) => unknown; readonly is: unknown }>> = {
  "tune-and-serve": { what: of("AgentPool", "gpu", "scaleSetPriority", "vmSize"), is: ["Spot", "Standard_NC24ads_A100_v4"] },
  "private-platform": {
    what: (all) => [of("ManagedCluster", "ai", "apiServerAccessProfile.enablePrivateCluster")(all), of("Resource", "adapters", "properties.publicNetworkAccess")(all)],
    is: [[true], ["Disabled"]],
  },
  "hub-network": { what: of("ManagedCluster", "ai", "networkProfile.outboundType"), is: ["userDefinedRouting"] },
  "existing-cluster": { what: (all) => all.filter(({ type }) => type.startsWith("azure-native:")), is: [] },
  "spot-with-fallback": {
    what: (all) => [
      of("ManagedCluster", "ai", "autoScalerProfile.expander", "autoScalerProfile.maxNodeProvisionTime")(all),
      ...["tune", "tune-on-demand"].map((pool) => of("AgentPool", pool, "scaleSetPriority")(all)),
    ],
    is: [["priority", "5m"], ["Spot"], ["Regular"]],
  },
  "node-auto-provisioning": {
    what: (all) => [of("ManagedCluster", "ai", "nodeProvisioningProfile.mode")(all), of("NodePool", "tune", "spec.disruption.consolidateAfter")(all)],
    is: [["Auto"], ["15m"]],
  },
  "kaito-add-on": {
    what: (all) => [of("ManagedCluster", "ai", "aiToolchainOperatorProfile.enabled")(all), all.filter(({ type }) => type.endsWith(":AgentPool")).length],
    is: [[true], 0],
  },
  "kaito-chart": {
    what: (all) => [of("Release", "kaito", "chart", "version")(all), of("InferenceSet", "tickets", "spec.replicas")(all)],
    is: [["workspace", "0.12.0"], [0]],
  },
  "shared-gpus": {
    what: (all) => [of("AgentPool", "shared", "gpuInstanceProfile", "maxCount")(all), all.filter(({ type }) => type.endsWith(":Deployment")).length],
    is: [["MIG1g", 1], 3],
  },
  "reserved-capacity": {
    what: (all) => of("AgentPool", "tune", "availabilityZones", "capacityReservationGroupID")(all),
    is: [["1"], expect.stringMatching(/capacityReservationGroups\/h100$/)],
  },
  "two-teams": {
    what: (all) => ["support", "legal"].map((team) => gpuQuota(all, team)),
    is: ["2", "1"],
  },
  sweep: { what: (all) => all.flatMap(({ inputs }) => rankAndSeed(inputs)).sort(), is: ["16/16", "64/64", "8/8"] },
  "custom-model": { what: of("InferenceService", "tickets", "model"), is: ["Qwen2.5-14B-Instruct"] },
  "audited-registry": { what: of("DiagnosticSetting", "datasets-audit", "workspaceId"), is: [expect.stringMatching(/workspaces\/audit/)] },
};

/** Inputs of one resource, at dotted paths. */
function of(kind: string, name: string, ...paths: readonly string[]) {
  return (registered: readonly Registration[]): unknown[] => {
    const inputs = registered.find((each) => each.type.endsWith(`:${kind}`) && each.name === name)?.inputs;
    return paths.map((dotted) => dotted.split(".").reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], inputs));
  };
}

function gpuQuota(registered: readonly Registration[], team: string): unknown {
  const [hard] = of("ResourceQuota", `${team}-quota`, "spec.hard")(registered);
  return (hard as JsonObject | undefined)?.["requests.nvidia.com/gpu"];
}

/** What the trainer is told of a run; nothing of other objects. */
function rankAndSeed(inputs: Registration["inputs"]): readonly string[] {
  const text = (inputs["data"] as JsonObject | undefined)?.["config.json"];
  if (typeof text !== "string") return [];
  const { lora, seed } = JSON.parse(text) as { readonly lora: { readonly rank: number }; readonly seed: number };
  return [`${lora.rank}/${seed}`];
}

/** "Job tickets-RUN": a run's id depends on the library's version of the recipe. */
function labelOf({ type, name }: Registration): string {
  return `${type.split(":").at(-1) ?? ""} ${name.replace(/-[0-9a-f]{10}(?=-|$)/, "-RUN")}`;
}

function firstComment(program: string): string {
  const [, comment = ""] = /^\/\*\*(.*?)\*\//s.exec(program) ?? [];
  return comment.replace(/\s*\n \* ?/g, " ");
}

function costsIn(program: string): unknown {
  return /Costs idle: about (?<idle>[\d.]+) USD per hour .*Busy: about (?<busy>[\d.]+(?: to [\d.]+)?) USD per hour/.exec(firstComment(program))?.groups;
}

/** The last two columns of the example's row in the table of all. */
function tableRow(example: string): unknown {
  const line = readFileSync(path.join(EXAMPLES, "README.md"), "utf8").split("\n").find((each) => each.includes(`](${example}/index.ts)`));
  return /\| (?<idle>[\d.]+) \| (?<busy>[\d.]+(?: to [\d.]+)?) \|$/.exec(line ?? "")?.groups;
}
