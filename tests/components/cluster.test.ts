import { Cluster, type ClusterArgs, clusterProvider, GpuNodePool, type KubernetesVersion } from "../../components";
import {
  containerLogs,
  controlPlaneLogs,
  deployerRole,
  IDENTITY,
  identityRole,
  LOG_WORKSPACE,
  METRICS_WORKSPACE,
  prometheus,
  provider,
  SMALL_SYSTEM_POOL,
  SYSTEM_POOL,
  TAGS,
  window,
  WINDOWS,
  workloadPool,
} from "../support/expected-cluster";
import { mockEngine, type Registration } from "../support/mock-engine";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

// The SDK of a dozen Azure resources is loaded within the first test.
jest.setTimeout(60_000);

const SUBNET = "/network/subnets/nodes";
const RANGES = ["203.0.113.8/32"];
const ARGS: ClusterArgs = { resourceGroupName: "group", location: "eastus", asOf: "2026-11-26", network: { nodeSubnetId: SUBNET } };
const PRODUCTION: ClusterArgs = { ...ARGS, authorizedIpRanges: RANGES };
const DEVELOPMENT: ClusterArgs = { ...ARGS, environment: "development" };

const NETWORK_ROLE = identityRole("network", "network", SUBNET);
const WORKLOAD = "workload8faa";

const DEVELOPMENT_INPUTS = {
  resourceGroupName: "group",
  location: "eastus",
  tags: TAGS,
  sku: { name: "Base", tier: "Free" },
  supportPlan: "KubernetesOfficial",
  dnsPrefix: "ai",
  kubernetesVersion: "1.36",
  identity: { type: "UserAssigned", userAssignedIdentities: ["UserAssignedIdentity/ai"] },
  agentPoolProfiles: [SMALL_SYSTEM_POOL] as object[],
  networkProfile: {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    loadBalancerSku: "standard",
    outboundType: "userAssignedNATGateway",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    dnsServiceIP: "10.96.0.10",
  },
  enableRBAC: true,
  disableLocalAccounts: true,
  aadProfile: { managed: true, enableAzureRBAC: true },
  oidcIssuerProfile: { enabled: true },
  securityProfile: {
    workloadIdentity: { enabled: true },
    imageCleaner: { enabled: true, intervalHours: 48 },
    defender: { securityMonitoring: { enabled: false } },
  },
  addonProfiles: { azurepolicy: { enabled: false }, azureKeyvaultSecretsProvider: { enabled: false }, omsagent: { enabled: false }, kubeDashboard: { enabled: false } },
  azureMonitorProfile: { metrics: { enabled: false } },
  metricsProfile: { costAnalysis: { enabled: false } },
  aiToolchainOperatorProfile: { enabled: false },
  autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "NodeImage" },
  autoScalerProfile: {
    expander: "least-waste",
    maxNodeProvisionTime: "10m",
    scaleDownUnneededTime: "10m",
    scaleDownDelayAfterAdd: "10m",
    skipNodesWithSystemPods: "false",
  },
  nodeProvisioningProfile: { mode: "Manual", defaultNodePools: "None" },
  nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
  storageProfile: { fileCSIDriver: { enabled: true } },
};

const managedCluster = (inputs: object, options: Partial<Registration> = {}): Registration => ({
  type: "azure-native:containerservice:ManagedCluster",
  name: "ai",
  parent: "Cluster ai",
  ignoreChanges: ["kubernetesVersion", "agentPoolProfiles"],
  after: ["RoleAssignment ai-deployer", "RoleAssignment ai-network", "UserAssignedIdentity ai"],
  ...options,
  inputs: { ...DEVELOPMENT_INPUTS, ...inputs },
});

/** The parts of the managed cluster that production turns on, with logs in the given workspace. */
const productionInputs = (logAnalyticsWorkspaceResourceId: string) => ({
  sku: { name: "Base", tier: "Standard" },
  agentPoolProfiles: [SYSTEM_POOL],
  securityProfile: {
    ...DEVELOPMENT_INPUTS.securityProfile,
    defender: { securityMonitoring: { enabled: true }, logAnalyticsWorkspaceResourceId },
  },
  addonProfiles: {
    azurepolicy: { enabled: true, config: { version: "v2" } },
    azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true", rotationPollInterval: "2m" } },
    omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: logAnalyticsWorkspaceResourceId, useAADAuth: "true" } },
    kubeDashboard: { enabled: false },
  },
  azureMonitorProfile: { metrics: { enabled: true } },
  autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
});

const AFTER_OWN_LOGS = { after: ["RoleAssignment ai-deployer", "RoleAssignment ai-network", "UserAssignedIdentity ai", "Workspace ai-logs"] };

const PRODUCTION_WHOLE = [
  deployerRole(),
  NETWORK_ROLE,
  workloadPool(WORKLOAD),
  ...WINDOWS,
  managedCluster({ ...productionInputs("Workspace/ai-logs"), apiServerAccessProfile: { authorizedIPRanges: RANGES } }, AFTER_OWN_LOGS),
  IDENTITY,
  METRICS_WORKSPACE,
  ...prometheus("AzureMonitorWorkspace/ai-metrics", "eastus", ["AzureMonitorWorkspace ai-metrics"]),
  ...containerLogs("Workspace/ai-logs", "eastus", ["Workspace ai-logs"]),
  controlPlaneLogs("Workspace/ai-logs", ["AgentPool ai-workload", "Workspace ai-logs"]),
  LOG_WORKSPACE,
  provider(),
];

const DEVELOPMENT_WHOLE = [deployerRole(), NETWORK_ROLE, ...WINDOWS, managedCluster({}), IDENTITY, provider()];

/** All but the component, whose inputs are its plan. */
async function registeredWith(args: ClusterArgs): Promise<Registration[]> {
  const engine = await mockEngine();
  new Cluster("ai", args);
  return (await engine.registered()).filter(({ type }) => type !== "aks-fine-tuning:index:Cluster");
}

const sorted = (registrations: readonly Registration[]): Registration[] =>
  [...registrations].sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));

describe("Cluster", () => {
  it("registers in development identity, roles before the cluster, the cluster, its windows, and a provider without a credential", async () => {
    expect(await registeredWith(DEVELOPMENT)).toEqual(sorted(DEVELOPMENT_WHOLE));
  });

  it("registers in production also its logs, its metrics and a pool for what is not AKS's own, one write to the cluster after the other", async () => {
    expect(await registeredWith(PRODUCTION)).toEqual(sorted(PRODUCTION_WHOLE));
  });

  it("shows its plan as the component's inputs", async () => {
    const engine = await mockEngine();
    new Cluster("ai", DEVELOPMENT);
    const [component] = await engine.registered();
    expect(component).toMatchObject({
      type: "aks-fine-tuning:index:Cluster",
      inputs: { environment: "development", tier: "Free", kubernetesVersion: "1.36", authorizedIpRanges: [], systemPool: { nodes: 1 } },
    });
  });

  it("uses the network, the workspaces and the identity that exist, and is private", async () => {
    const logsId = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/logs";
    const metricsId = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Monitor/accounts/metrics";
    const identity = { id: "/subscriptions/s/resourceGroups/hub/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ai", principalId: "principal" };
    const network = { nodeSubnetId: SUBNET, privateEndpoints: { subnetId: "endpoints", range: "10.0.1.0/24", zones: { cluster: "zone-id" } } };
    const monitoring = { logs: { id: logsId, location: "westeurope" }, metrics: { id: metricsId, location: "northeurope" } };
    const apiServerAccessProfile = { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, privateDNSZone: "zone-id" };
    const roles = ["deployer", "network", "network-link", "private-zone"].map((suffix) => `RoleAssignment ai-${suffix}`);
    expect(await registeredWith({ ...ARGS, network, privateApiServer: true, monitoring, identity })).toEqual(
      sorted([
        deployerRole(),
        identityRole("network", "network", SUBNET, identity),
        identityRole("network-link", "network", "/network", identity),
        identityRole("private-zone", "privateZone", "zone-id", identity),
        workloadPool(WORKLOAD),
        ...WINDOWS,
        managedCluster(
          { ...productionInputs(logsId), apiServerAccessProfile, identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] } },
          { after: roles },
        ),
        ...prometheus(metricsId, "northeurope"),
        ...containerLogs(logsId, "westeurope"),
        controlPlaneLogs(logsId, ["AgentPool ai-workload"]),
        provider(),
      ]),
    );
  });

  it("lets AKS make the private zone where the network has none", async () => {
    const registered = await registeredWith({ ...ARGS, privateApiServer: true });
    const apiServerAccessProfile = { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, privateDNSZone: "system" };
    expect(registered).toContainEqual(managedCluster({ ...productionInputs("Workspace/ai-logs"), apiServerAccessProfile }, AFTER_OWN_LOGS));
    expect(registered.filter(({ type }) => type.endsWith(":RoleAssignment"))).toEqual([deployerRole(), NETWORK_ROLE]);
  });

  it("leaves nodes to Karpenter where asked to: no autoscaler, and a fixed number of CPU nodes", async () => {
    const registered = await registeredWith({ ...DEVELOPMENT, nodeProvisioning: "node-auto-provisioning", workloadPool: { minNodes: 2 } });
    const { autoScalerProfile, ...inputs } = DEVELOPMENT_INPUTS;
    expect(autoScalerProfile).toBeDefined();
    const cluster = { ...managedCluster({}), inputs: { ...inputs, nodeProvisioningProfile: { mode: "Auto", defaultNodePools: "None" } } };
    const { minCount, maxCount, osDiskSizeGB, ...pool } = workloadPool("workloadf7e3").inputs;
    expect([minCount, maxCount, osDiskSizeGB]).toEqual([1, 3, 128]);
    const fixed = { enableAutoScaling: false, count: 2, vmSize: "Standard_D4s_v5", osDiskType: "Managed", enableEncryptionAtHost: false };
    const poolRegistration = { ...workloadPool(""), ignoreChanges: ["orchestratorVersion"], inputs: { ...pool, ...fixed } };
    expect(registered).toEqual(sorted([...DEVELOPMENT_WHOLE.filter(({ type }) => !type.endsWith(":ManagedCluster")), cluster, poolRegistration]));
  });

  it("turns everything off that can be", async () => {
    const registered = await registeredWith({
      ...PRODUCTION,
      tier: "Free",
      upgrades: { channel: "none", nodeOsChannel: "None" },
      systemPool: { nodes: 1, zones: [], vmSize: "Standard_D4s_v5" },
      workloadPool: false,
      monitoring: { logs: false, metrics: false },
      addOns: { azurePolicy: false, keyVaultSecrets: false },
      encryption: { atHost: false },
    });
    const inputs = { apiServerAccessProfile: { authorizedIPRanges: RANGES }, autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "None" } };
    expect(registered).toEqual(
      sorted([deployerRole(), NETWORK_ROLE, managedCluster(inputs, { ignoreChanges: ["agentPoolProfiles"] }), IDENTITY, provider()]),
    );
  });

  it("encrypts with keys of the user's own", async () => {
    const diskEncryptionSetId = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Compute/diskEncryptionSets/keys";
    const keyId = `https://vault.vault.azure.net/keys/etcd/${"a".repeat(32)}`;
    const withVault = (vaultAccess?: "Private") => registeredWith({ ...DEVELOPMENT, encryption: { diskEncryptionSetId, etcd: { keyId, vaultId: "vault-id", vaultAccess } } });
    const expected = (azureKeyVaultKms: object) =>
      managedCluster(
        { diskEncryptionSetID: diskEncryptionSetId, securityProfile: { ...DEVELOPMENT_INPUTS.securityProfile, azureKeyVaultKms } },
        { after: ["RoleAssignment ai-deployer", "RoleAssignment ai-etcd-key", "RoleAssignment ai-network", "UserAssignedIdentity ai"] },
      );
    const registered = await withVault();
    expect(registered).toContainEqual(expected({ enabled: true, keyId, keyVaultNetworkAccess: "Public" }));
    expect(registered).toContainEqual(identityRole("etcd-key", "cryptoUser", "vault-id"));
    expect(await withVault("Private")).toContainEqual(expected({ enabled: true, keyId, keyVaultNetworkAccess: "Private", keyVaultResourceId: "vault-id" }));
  });

  it("takes every other decision from the arguments", async () => {
    const registered = await registeredWith({
      ...DEVELOPMENT,
      kubernetesVersion: "1.37.0",
      tier: "Premium",
      dnsPrefix: "tuning",
      systemPool: { vmSize: "Standard_D8ds_v5", nodes: 3, maxPods: 60, zones: ["2"], dedicated: true },
      upgrades: { window: { dayOfWeek: "Saturday", startTime: "22:00", utcOffset: "+02:00", durationHours: 8 }, nodeOsChannel: "Unmanaged" },
      autoscaler: { expander: "priority", maxNodeProvisionMinutes: 5, scaleDownUnneededMinutes: 3, scaleDownDelayAfterAddMinutes: 0 },
      addOns: { kaito: true, costAnalysis: true, imageCleanerHours: 24 },
      podRange: "10.0.0.0/14",
      serviceRange: "10.8.0.0/20",
      dnsServiceIp: "10.8.0.53",
      tags: { "cost-center": "42" },
    });
    const tags = { "cost-center": "42", ...TAGS };
    expect(registered).toContainEqual(
      managedCluster({
        tags,
        kubernetesVersion: "1.37.0",
        sku: { name: "Base", tier: "Premium" },
        supportPlan: "AKSLongTermSupport",
        dnsPrefix: "tuning",
        agentPoolProfiles: [
          {
            ...SMALL_SYSTEM_POOL,
            vmSize: "Standard_D8ds_v5",
            osDiskType: "Ephemeral",
            osDiskSizeGB: 128,
            maxPods: 60,
            count: 3,
            availabilityZones: ["2"],
            nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
          },
        ],
        networkProfile: { ...DEVELOPMENT_INPUTS.networkProfile, podCidr: "10.0.0.0/14", serviceCidr: "10.8.0.0/20", dnsServiceIP: "10.8.0.53" },
        securityProfile: { ...DEVELOPMENT_INPUTS.securityProfile, imageCleaner: { enabled: true, intervalHours: 24 } },
        metricsProfile: { costAnalysis: { enabled: true } },
        aiToolchainOperatorProfile: { enabled: true },
        autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "Unmanaged" },
        autoScalerProfile: {
          expander: "priority",
          maxNodeProvisionTime: "5m",
          scaleDownUnneededTime: "3m",
          scaleDownDelayAfterAdd: "0m",
          skipNodesWithSystemPods: "false",
        },
      }),
    );
    expect(registered).toContainEqual({ ...IDENTITY, inputs: { ...IDENTITY.inputs, tags } });
    expect(registered.filter(({ type }) => type.endsWith(":MaintenanceConfiguration"))).toEqual([
      window("upgrades", "aksManagedAutoUpgradeSchedule", [], {
        durationHours: 8,
        startTime: "22:00",
        utcOffset: "+02:00",
        schedule: { weekly: { dayOfWeek: "Saturday", intervalWeeks: 1 } },
      }),
    ]);
  });

  it("keeps the version in the program where no channel moves it", async () => {
    const registered = await registeredWith({ ...DEVELOPMENT, upgrades: { channel: "node-image" }, workloadPool: {} });
    const ignored = registered.filter(({ ignoreChanges }) => ignoreChanges).map(({ name, ignoreChanges }) => [name, ignoreChanges]);
    expect(ignored).toEqual([["ai-workload", ["count"]], ["ai", ["agentPoolProfiles"]]]);
  });

  it("chooses names in Azure where azure-native's would not be allowed", async () => {
    const engine = await mockEngine();
    const name = `${"a".repeat(60)}_b`;
    new Cluster(name, PRODUCTION);
    const registered = await engine.registered();
    const named = (type: string, input: string) => registered.find((each) => each.type === `azure-native:${type}`)?.inputs[input];
    expect(named("containerservice:ManagedCluster", "resourceName")).toBe(name);
    expect(named("containerservice:ManagedCluster", "dnsPrefix")).toBe("a".repeat(54));
    expect(named("operationalinsights:Workspace", "workspaceName")).toMatch(/^a{35}-[0-9a-f]{8}$/);
    expect(named("monitor:AzureMonitorWorkspace", "azureMonitorWorkspaceName")).toMatch(/^a{35}-[0-9a-f]{8}$/);
    expect(named("monitor:DataCollectionEndpoint", "dataCollectionEndpointName")).toMatch(/^a{35}-[0-9a-f]{8}$/);
  });

  it("protects all of it where asked to, grandchildren too", async () => {
    const engine = await mockEngine();
    new Cluster("ai", PRODUCTION, { protect: true });
    const [component, ...others] = await engine.registered();
    expect(component?.protect).toBe(true);
    expect(others).toEqual(sorted(PRODUCTION_WHOLE.map((each) => ({ ...each, protect: true }))));
  });

  it("signs a pipeline in by its own identity", async () => {
    const registered = await registeredWith({ ...DEVELOPMENT, deployerType: "ServicePrincipal", login: "workloadidentity" });
    expect(registered).toContainEqual(provider("workloadidentity"));
    expect(registered).toContainEqual(deployerRole("ServicePrincipal"));
  });

  it("leaves the last word to the caller", async () => {
    const registered = await registeredWith({ ...DEVELOPMENT, override: (args) => ({ ...args, tags: { team: "ml" } }) });
    expect(registered).toContainEqual(managedCluster({ tags: { team: "ml" } }));
  });

  it("tells other components what they need to know of it", async () => {
    await mockEngine();
    const network = { nodeSubnetId: SUBNET, nodeRange: "10.100.0.0/20" };
    const cluster = new Cluster("ai", { ...ARGS, network, privateApiServer: true, kubernetesVersion: "1.36.2", serviceRange: "10.8.0.0/20" });
    const { environment, privateApiServer, nodeProvisioning, serviceRange, kubernetesVersion, exactKubernetesVersion } = cluster;
    expect({ environment, privateApiServer, nodeProvisioning, serviceRange, kubernetesVersion, exactKubernetesVersion }).toEqual({
      environment: "production",
      privateApiServer: true,
      nodeProvisioning: "autoscaler",
      serviceRange: "10.8.0.0/20",
      kubernetesVersion: "1.36",
      exactKubernetesVersion: "1.36.2",
    });
    expect(cluster.network).toBe(network);
    expect(await resolved(cluster.logWorkspaceId)).toBe("Workspace/ai-logs");
    expect(await resolved(cluster.metricsWorkspaceId)).toBe("AzureMonitorWorkspace/ai-metrics");
    expect(await resolved(cluster.oidcIssuerUrl)).toBe("https://issuer.example/");
    expect(await resolved(cluster.kubeletObjectId)).toBe("kubelet-object-id");
  });

  it("is written to by a GPU pool after everything of its own", async () => {
    const engine = await mockEngine();
    const cluster = new Cluster("ai", PRODUCTION);
    new GpuNodePool("gpu", { cluster, size: "Standard_NC4as_T4_v3" });
    const pool = (await engine.registered()).find(({ name, type }) => name === "gpu" && type.endsWith(":AgentPool"));
    expect(pool?.after).toContain("DiagnosticSetting ai-control-plane");
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const version: string = "1.30";
    const bad = { ...ARGS, kubernetesVersion: version as KubernetesVersion, systemPool: { nodes: 0 }, authorizedIpRanges: ["0.0.0.0/0"] };
    expect(problemsOf(() => new Cluster("train-", bad)).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-NAME-02",
      "AKSFT-CLUSTER-01",
      "AKSFT-CLUSTER-02",
      "AKSFT-CLUSTER-03",
    ]);
    expect(await engine.registered()).toEqual([]);
  });
});

describe("clusterProvider", () => {
  it("talks to a cluster that exists without a credential of its own", async () => {
    const engine = await mockEngine();
    clusterProvider("ai", { id: "ManagedCluster/ai", clusterName: "ai", resourceGroupName: "group" }, "msi");
    const { parent, after, ...registration } = provider("msi");
    expect([parent, after]).toEqual(["Cluster ai", ["ManagedCluster ai"]]);
    expect(await engine.registered()).toEqual([registration]);
  });
});
