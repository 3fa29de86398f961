import { type ClusterRef, KaitoOperator, type KaitoOperatorArgs, Team, type TeamArgs } from "../../components";
import type { JsonObject } from "../../sandbox/providers/values";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_REGISTRY } from "../support/references";
import { byDigest } from "../support/tiny-recipe";
import { reported, reportedOfStack } from "./planted/report";

const PLACE = { location: "eastus", nodeResourceGroup: "nodes" };
const image = byDigest("mcr.microsoft.com/aks/kaito/workspace", "a");
const provisionerImage = byDigest("mcr.microsoft.com/aks/kaito/gpu-provisioner", "b");

function broken(registrations: readonly Registration[]): string[] {
  const declared = registrations.map(({ inputs, ...each }) => ({ ...each, props: inputs as JsonObject }));
  return [...reported(declared), ...reportedOfStack(declared)].map(({ rule, resource }) => `${rule} ${resource}`).sort();
}

describe("in production", () => {
  it.each<[string, Partial<KaitoOperatorArgs>, Partial<ClusterRef>]>([
    ["azure-gpu-provisioner", { provisionerImage }, PLACE],
    ["azure-gpu-provisioner and its own device plugin", { provisionerImage, devicePlugin: "kaito" }, PLACE],
    ["karpenter", {}, { nodeProvisioning: "node-auto-provisioning" }],
    ["byo", { nodeProvisioner: "byo" }, {}],
    ["byo and no daemon", { nodeProvisioner: "byo", localDisks: false, featureDiscovery: false }, {}],
  ])("a KAITO with %s breaks no rule", async (_, args, cluster) => {
    const engine = await mockEngine();
    new KaitoOperator("kaito", { cluster: existingCluster(cluster), image, ...args });
    expect(broken(await engine.registered())).toEqual([]);
  });

  it.each<[string, Partial<TeamArgs>, string[]]>([
    ["restricted", {}, []],
    ["for KAITO's pods", { podSecurity: "baseline", containers: { memoryGiB: 220, localDiskGiB: 300 } }, ["namespace-pod-security support"]],
  ])("a team that is %s breaks what it loosens and nothing else", async (_, args, rules) => {
    const engine = await mockEngine();
    new Team("support", { cluster: existingCluster(), adapters: EXISTING_REGISTRY, ...args });
    expect(broken(await engine.registered())).toEqual(rules);
  });
});
