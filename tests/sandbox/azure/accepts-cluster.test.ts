import { Cluster, type ClusterArgs, GpuNodePool } from "../../../components";
import type { JsonObject } from "../../../sandbox/providers/values";
import { mockEngine, type Registration } from "../../support/mock-engine";
import { SimulatedAzure } from "../../support/simulated-azure";

// The SDK of a dozen Azure resources is loaded within the first test.
jest.setTimeout(60_000);

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const ARGS: ClusterArgs = { resourceGroupName: "group", location: "eastus", asOf: "2026-11-26", network: { nodeSubnetId: "/network/subnets/nodes" } };

/** What the stand-in says to everything that is written to a cluster, in the order in which the engine would write it. */
async function written(args: Partial<ClusterArgs>): Promise<string[]> {
  const engine = await mockEngine();
  const cluster = new Cluster("ai", { ...ARGS, ...args });
  new GpuNodePool("gpu", { cluster, size: "Standard_NC4as_T4_v3" });
  const types = ["containerservice:", "monitor:", "operationalinsights:"].map((module) => `azure-native:${module}`);
  const registrations = (await engine.registered()).filter(({ type }) => types.some((prefix) => type.startsWith(prefix)));
  const simulated = new SimulatedAzure();
  await simulated.create("azure-native:resources:ResourceGroup", "group", { resourceGroupName: "group", location: "eastus" });
  const [made, names] = [new Map<string, string>(), [] as string[]];
  for (const registration of inOrder(registrations)) {
    const { type, name } = registration;
    const { id } = await simulated.create(type, name, withIds(registration, made));
    made.set(`${type.split(":").at(-1) ?? ""}/${name}`, id);
    names.push(`${type.split(":").at(-1) ?? ""} ${name}`);
  }
  simulated.close();
  return names;
}

/** Each after what it waits for. */
function inOrder(registrations: readonly Registration[]): Registration[] {
  const key = ({ type, name }: Registration): string => `${type.split(":").at(-1) ?? ""} ${name}`;
  const [left, ordered] = [[...registrations], [] as Registration[]];
  while (left.length > 0) {
    const index = left.findIndex(({ after = [] }) => !after.some((before) => left.some((other) => key(other) === before)));
    ordered.push(...left.splice(index, 1));
  }
  return ordered;
}

/** The mock engine's ids, as "ManagedCluster/ai", replaced by the stand-in's. */
function withIds({ type, inputs }: Registration, made: ReadonlyMap<string, string>): JsonObject {
  const named: unknown = JSON.parse(JSON.stringify(inputs), (_, value: unknown) => (typeof value === "string" ? (made.get(value) ?? value) : value));
  return { ...(named as JsonObject), ...(type === CLUSTER ? { resourceName: "ai" } : {}) };
}

describe("Azure's stand-in takes", () => {
  it("a production cluster with all it has, one write after the other", async () => {
    const names = await written({ authorizedIpRanges: ["203.0.113.8/32"] });
    const chained = names.filter((name) => /^(ManagedCluster|Maintenance|AgentPool|Diagnostic)/.test(name));
    expect(chained).toEqual([
      "ManagedCluster ai",
      "MaintenanceConfiguration ai-upgrades",
      "MaintenanceConfiguration ai-node-images",
      "AgentPool ai-workload",
      "DiagnosticSetting ai-control-plane",
      "AgentPool gpu",
    ]);
    expect(names).toHaveLength(13);
  });

  it.each<[string, Partial<ClusterArgs>]>([
    ["a private cluster", { privateApiServer: true }],
    ["a development cluster", { environment: "development" }],
    ["long-term support", { privateApiServer: true, tier: "Premium" }],
    ["one patch", { privateApiServer: true, kubernetesVersion: "1.36.2" }],
    [
      "keys of the user's own in a private vault",
      { privateApiServer: true, encryption: { etcd: { keyId: `https://v.vault.azure.net/keys/k/${"a".repeat(32)}`, vaultId: "vault", vaultAccess: "Private" } } },
    ],
  ])("%s", async (_, args) => {
    expect(await written(args)).toContain("AgentPool gpu");
  });
});
