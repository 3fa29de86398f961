import { destroy, emptyPreview, failure, leftInAzure, plannedChanges, up } from "../support/engine-steps";
import { stackIn, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

const TUNE = { size: "Standard_NC24ads_A100_v4", priority: "Spot", onDemandFallback: true, maxNodes: 4 };
const SERVE = { size: "Standard_NV36ads_A10_v5", maxNodes: 4 };

describe("prod, its platform and a team's workloads in a stack of their own, on the real engine", () => {
  let sandbox: TestSandbox;
  let platform: TestStack;
  let workloads: TestStack;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    platform = stackIn(sandbox, "prod");
    workloads = stackIn(sandbox, "prod-support");
    // Guards against deletion are a setting, for people; the tests delete what they make.
    for (const stack of [platform, workloads]) stack.set("protect", false);
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  it("brings the platform up, and a second preview plans nothing", () => {
    expect(failure(up(platform))).toBe("");
    expect(failure(emptyPreview(platform))).toBe("");
  }, 400_000);

  it("brings the workloads up on it, and a second preview plans nothing", () => {
    expect(failure(up(workloads))).toBe("");
    expect(failure(emptyPreview(workloads))).toBe("");
    expect(workloads.resources().filter(({ type }) => /ManagedCluster|AgentPool|VirtualNetwork$/.test(type))).toEqual([]);
  }, 300_000);

  it("adds a pool and touches nothing else", () => {
    platform.set("pools", { tune: TUNE, serve: SERVE, more: { size: "Standard_NC40ads_H100_v5", maxNodes: 1 } });
    expect(plannedChanges(platform).sort()).toEqual([
      "create aks-fine-tuning:index:GpuNodePool more",
      "create azure-native:containerservice:AgentPool more",
    ]);
  }, 120_000);

  it("grows a pair of pools in place", () => {
    platform.set("pools", { tune: { ...TUNE, maxNodes: 5 }, serve: SERVE });
    expect(plannedChanges(platform).sort()).toEqual([
      "update aks-fine-tuning:index:PreferredSpotGpuPool tune",
      "update azure-native:containerservice:AgentPool tune",
      "update azure-native:containerservice:AgentPool tune-on-demand",
    ]);
  }, 120_000);

  it("replaces a pool alone when its size changes, the new one before the old one goes", () => {
    platform.set("pools", { tune: TUNE, serve: { ...SERVE, size: "Standard_NC24ads_A100_v4" } });
    const changes = plannedChanges(platform).filter((change) => !change.startsWith("update aks-fine-tuning:index:GpuNodePool serve"));
    expect(new Set(changes.map((change) => change.split(" ").slice(1).join(" ")))).toEqual(new Set(["azure-native:containerservice:AgentPool serve"]));
    const replaced = up(platform);
    expect(failure(replaced)).toBe("");
    const created = replaced.output.search(/AgentPool serve creat(?:ing|ed) replacement/);
    const deleted = replaced.output.search(/AgentPool serve delet(?:ing|ed) original/);
    expect({ created: created >= 0, after: deleted > created }).toEqual({ created: true, after: true });
  }, 300_000);

  it("keeps every object when the way in to the cluster changes", () => {
    platform.set("login", "azurecli");
    expect(plannedChanges(platform)).toEqual(["update pulumi:providers:kubernetes ai"]);
    platform.set("login", "workloadidentity");
  }, 120_000);

  it("has the share of a team that is gone, and its resource group, retained on purpose and nothing else", () => {
    expect(failure(destroy(workloads))).toBe("");
    expect(failure(destroy(platform))).toBe("");
    expect([...workloads.resources(), ...platform.resources()].map(({ urn }) => urn)).toEqual([]);
    expect(leftInAzure(sandbox).map((each) => each.replace(/[0-9a-f]{8,10}$/, ""))).toEqual([
      "fileServices/default",
      "resourceGroups/ai",
      "shares/checkpoints",
      "storageAccounts/support",
    ]);
    const namespaces = sandbox.run(["kubectl", "get", "namespaces", "-o", "name"]).output;
    expect(namespaces).not.toMatch(/support/);
  }, 400_000);
});
