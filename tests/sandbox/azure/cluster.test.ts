import type { JsonObject } from "../../../sandbox/providers/values";
import { SimulatedAzure } from "../../support/simulated-azure";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const WINDOW = "azure-native:containerservice:MaintenanceConfiguration";
const SYSTEM = { name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" };
const INPUTS = { resourceGroupName: "rg", resourceName: "ai", dnsPrefix: "ai", agentPoolProfiles: [SYSTEM] };

let simulated: SimulatedAzure;

beforeEach(() => {
  simulated = new SimulatedAzure();
});

afterEach(() => {
  simulated.close();
});

async function createCluster(more: JsonObject = {}) {
  await simulated.create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" });
  return simulated.create(CLUSTER, "ai", { ...INPUTS, ...more });
}

const NETWORK = { networkPlugin: "azure", loadBalancerSku: "standard" };
const AUTO = { nodeProvisioningProfile: { mode: "Auto" }, networkProfile: NETWORK };

describe("a cluster is refused with", () => {
  it.each<[string, JsonObject, string]>([
    [
      "ranges on a private API server",
      { apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: ["203.0.113.8/32"] } },
      "Private cluster cannot be enabled with AuthorizedIPRanges.",
    ],
    [
      "its own address among other ranges",
      { apiServerAccessProfile: { authorizedIPRanges: ["0.0.0.0/32", "203.0.113.8/32"] } },
      "0.0.0.0/32 is not allowed with other IP ranges",
    ],
    ["long-term support below Premium", { supportPlan: "AKSLongTermSupport", sku: { tier: "Standard" } }, "only available in the Premium tier"],
    ["a version that is past community support", { kubernetesVersion: "1.33" }, "only available with Long-Term Support"],
    ["cost analysis on the free tier", { metricsProfile: { costAnalysis: { enabled: true } } }, "Cost analysis needs"],
    ["a user-assigned identity without an id", { identity: { type: "UserAssigned", userAssignedIdentities: [] } }, "exactly one user assigned identity"],
    ["neither local accounts nor Entra", { disableLocalAccounts: true }, "Please integrate your cluster with AAD."],
    ["Defender without a workspace", { securityProfile: { defender: { securityMonitoring: { enabled: true } } } }, "A Log Analytics workspace is required."],
    ["a private vault without its id", { securityProfile: { azureKeyVaultKms: { keyVaultNetworkAccess: "Private" } } }, "keyVaultResourceId goes with Private"],
    [
      "the id of a public vault",
      { securityProfile: { azureKeyVaultKms: { keyVaultNetworkAccess: "Public", keyVaultResourceId: "id" } } },
      "keyVaultResourceId goes with Private",
    ],
    ["workload identity without an issuer", { securityProfile: { workloadIdentity: { enabled: true } } }, "Workload identity needs the OIDC issuer."],
    ["an image cleaner that hurries", { securityProfile: { imageCleaner: { enabled: true, intervalHours: 23 } } }, "from 24 to 2160 hours"],
    ["an image cleaner that sleeps", { securityProfile: { imageCleaner: { enabled: true, intervalHours: 2161 } } }, "from 24 to 2160 hours"],
    [
      "a pool that scales itself beside node auto-provisioning",
      { ...AUTO, agentPoolProfiles: [{ ...SYSTEM, enableAutoScaling: true, minCount: 1, maxCount: 2 }] },
      "can't be enabled together",
    ],
    ["node auto-provisioning on kubenet", { ...AUTO, networkProfile: { networkPlugin: "kubenet" } }, "needs Azure CNI and a standard load balancer"],
    ["services over pods", { networkProfile: { podCidr: "10.0.0.0/16", serviceCidr: "10.0.128.0/20" } }, "ServiceCidrOverlap"],
    ["DNS outside the services", { networkProfile: { serviceCidr: "10.96.0.0/20", dnsServiceIP: "10.1.0.10" } }, "DnsServiceIpOutOfServiceCidr"],
    ["DNS at the first address", { networkProfile: { serviceCidr: "10.96.0.0/20", dnsServiceIP: "10.96.0.1" } }, "The first address of the service CIDR"],
    ["two channels at odds", { autoUpgradeProfile: { upgradeChannel: "node-image", nodeOSUpgradeChannel: "None" } }, "needs the node OS channel NodeImage"],
  ])("%s", async (_, more, message) => {
    await expect(createCluster(more)).rejects.toThrow(message);
  });

  it.each<[string, JsonObject]>([
    ["its own address alone", { apiServerAccessProfile: { authorizedIPRanges: ["0.0.0.0/32"] } }],
    ["long-term support in Premium", { kubernetesVersion: "1.33", supportPlan: "AKSLongTermSupport", sku: { tier: "Premium" } }],
    ["node auto-provisioning", AUTO],
    ["a private vault and its id", { securityProfile: { azureKeyVaultKms: { keyVaultNetworkAccess: "Private", keyVaultResourceId: "id" } } }],
    ["channels that agree", { autoUpgradeProfile: { upgradeChannel: "node-image" } }],
  ])("nothing of the kind: %s", async (_, more) => {
    await expect(createCluster(more)).resolves.toMatchObject({ outputs: { name: "ai" } });
  });
});

describe("a cluster keeps", () => {
  const PRIVATE = { apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: "system" } };

  it("its API server public or private", async () => {
    const { id } = await createCluster();
    await expect(simulated.update(CLUSTER, "ai", id, { ...INPUTS, ...PRIVATE })).rejects.toThrow("Changing enablePrivateCluster is not allowed.");
  });

  it("its private zone", async () => {
    const { id } = await createCluster(PRIVATE);
    const moved = { apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: "zone-id" } };
    await expect(simulated.update(CLUSTER, "ai", id, { ...INPUTS, ...moved })).rejects.toThrow("privateDNSZone' is not allowed");
    await expect(simulated.update(CLUSTER, "ai", id, { ...INPUTS, ...PRIVATE, tags: { team: "ml" } })).resolves.toMatchObject({ name: "ai" });
  });
});

const pool = (more: JsonObject = {}) => ({ resourceGroupName: "rg", resourceName: "ai", agentPoolName: "workload", vmSize: "Standard_D4ds_v5", count: 1, ...more });

describe("a pool", () => {
  it("does not scale itself beside node auto-provisioning", async () => {
    await createCluster(AUTO);
    const scaling = pool({ enableAutoScaling: true, minCount: 1, maxCount: 3 });
    await expect(simulated.create(POOL, "workload", scaling)).rejects.toThrow("can't be enabled together");
    await expect(simulated.create(POOL, "workload", pool())).resolves.toMatchObject({ outputs: { count: 1 } });
  });

  it("that scales itself keeps node auto-provisioning out, until it does so no more", async () => {
    const { id } = await createCluster({ networkProfile: NETWORK });
    const scaling = await simulated.create(POOL, "workload", pool({ enableAutoScaling: true, minCount: 1, maxCount: 3 }));
    await expect(simulated.update(CLUSTER, "ai", id, { ...INPUTS, ...AUTO })).rejects.toThrow("can't be enabled together");
    await simulated.update(POOL, "workload", scaling.id, pool());
    await expect(simulated.update(CLUSTER, "ai", id, { ...INPUTS, ...AUTO })).resolves.toMatchObject({ name: "ai" });
  });

  it("keeps its encryption at the host", async () => {
    await createCluster();
    const { id } = await simulated.create(POOL, "workload", pool());
    await expect(simulated.update(POOL, "workload", id, pool({ enableEncryptionAtHost: false }))).resolves.toMatchObject({ name: "workload" });
    await expect(simulated.update(POOL, "workload", id, pool({ enableEncryptionAtHost: true }))).rejects.toThrow("enableEncryptionAtHost' is not allowed");
  });
});

describe("a maintenance window", () => {
  const window = (durationHours: number, startTime = "01:00") => ({
    resourceGroupName: "rg",
    resourceName: "ai",
    configName: "aksManagedAutoUpgradeSchedule",
    maintenanceWindow: { durationHours, startTime },
  });

  beforeEach(async () => {
    await createCluster();
  });

  it.each([
    [3, "01:00", "from 4 to 24 hours"],
    [25, "01:00", "from 4 to 24 hours"],
    [4, "24:00", "between 00:00 and 23:59"],
  ])("of %p hours from %p is refused", async (hours, start, message) => {
    await expect(simulated.create(WINDOW, "w", window(hours, start))).rejects.toThrow(message);
  });

  it.each([4, 24])("of %p hours is taken", async (hours) => {
    await expect(simulated.create(WINDOW, "w", window(hours))).resolves.toMatchObject({ outputs: { name: "aksManagedAutoUpgradeSchedule" } });
  });

  it("has one of Azure's names", async () => {
    await expect(simulated.create(WINDOW, "w", { ...window(4), configName: "mine" })).rejects.toThrow("Allowed names: default");
  });

  it("is not written while a pool is", async () => {
    const results = await Promise.allSettled([simulated.create(POOL, "workload", pool()), simulated.create(WINDOW, "w", window(4))]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });
});
