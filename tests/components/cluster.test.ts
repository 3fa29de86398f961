import { Cluster, type ClusterArgs, type KubernetesVersion } from "../../components";
import { guidFrom } from "../../components/plan/digest";
import { mockEngine, type Registration } from "../support/mock-engine";
import { problemsOf } from "../support/refusal";

const ARGS: ClusterArgs = { resourceGroupName: "group", location: "eastus", network: { nodeSubnetId: "subnet-id" } };
const ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b";
const NETWORK = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const GROUP = "/subscriptions/subscription/resourceGroups/group";
const definition = (role: string): string => `/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions/${role}`;

const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:Cluster",
  name: "ai",
  inputs: { kubernetesVersion: "1.36", systemVmSize: "Standard_D4s_v5", systemNodes: 1, tier: "Free", authorizedIpRanges: [] },
};
const DEPLOYER: Registration = {
  type: "azure-native:authorization:RoleAssignment",
  name: "ai-deployer",
  parent: "Cluster ai",
  inputs: {
    scope: GROUP,
    principalId: "deployer",
    principalType: "User",
    roleDefinitionId: definition(ADMIN),
    roleAssignmentName: guidFrom(GROUP, "deployer", ADMIN),
  },
};
const NETWORK_ROLE: Registration = {
  type: "azure-native:authorization:RoleAssignment",
  name: "ai-network",
  parent: "Cluster ai",
  after: ["UserAssignedIdentity ai"],
  inputs: {
    scope: "subnet-id",
    principalId: "ai-principal-id",
    principalType: "ServicePrincipal",
    roleDefinitionId: definition(NETWORK),
    roleAssignmentName: guidFrom("subnet-id", "UserAssignedIdentity/ai", NETWORK),
  },
};
const SYSTEM_POOL = {
  name: "system",
  mode: "System",
  type: "VirtualMachineScaleSets",
  vmSize: "Standard_D4s_v5",
  count: 1,
  osType: "Linux",
  osSKU: "Ubuntu2404",
  maxPods: 110,
  vnetSubnetID: "subnet-id",
};
const MANAGED_CLUSTER: Registration = {
  type: "azure-native:containerservice:ManagedCluster",
  name: "ai",
  parent: "Cluster ai",
  ignoreChanges: ["kubernetesVersion", "agentPoolProfiles"],
  after: ["RoleAssignment ai-deployer", "RoleAssignment ai-network", "UserAssignedIdentity ai"],
  inputs: {
    resourceGroupName: "group",
    location: "eastus",
    sku: { name: "Base", tier: "Free" },
    dnsPrefix: "ai",
    kubernetesVersion: "1.36",
    identity: { type: "UserAssigned", userAssignedIdentities: ["UserAssignedIdentity/ai"] },
    agentPoolProfiles: [SYSTEM_POOL],
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
    securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 48 } },
    autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "NodeImage" },
    storageProfile: { fileCSIDriver: { enabled: true } },
  },
};
const IDENTITY: Registration = {
  type: "azure-native:managedidentity:UserAssignedIdentity",
  name: "ai",
  parent: "Cluster ai",
  inputs: { resourceGroupName: "group", location: "eastus" },
};
const window = (suffix: string, configName: string): Registration => ({
  type: "azure-native:containerservice:MaintenanceConfiguration",
  name: `ai-${suffix}`,
  parent: "ManagedCluster ai",
  after: ["ManagedCluster ai"],
  inputs: {
    resourceGroupName: "group",
    resourceName: "ai",
    configName,
    maintenanceWindow: {
      durationHours: 4,
      startTime: "01:00",
      utcOffset: "+00:00",
      schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
    },
  },
});
const provider = (login: string): Registration => ({
  type: "pulumi:providers:kubernetes",
  name: "ai",
  parent: "Cluster ai",
  after: ["ManagedCluster ai"],
  inputs: {
    clusterIdentifier: "ManagedCluster/ai",
    kubeconfig:
      '{"apiVersion":"v1","kind":"Config","current-context":"aks",' +
      '"clusters":[{"name":"aks","cluster":{"server":"https://api.example","certificate-authority-data":"Q0E="}}],' +
      '"contexts":[{"name":"aks","context":{"cluster":"aks","user":"deployer"}}],' +
      '"users":[{"name":"deployer","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1beta1","command":"kubelogin",' +
      `"args":["get-token","--login","${login}","--server-id","6dae42f8-4368-4678-94ff-3960e28e3630"],` +
      '"interactiveMode":"Never","provideClusterInfo":false}}}]}',
  },
});
const WHOLE = [
  COMPONENT,
  DEPLOYER,
  NETWORK_ROLE,
  window("node-images", "aksManagedNodeOSUpgradeSchedule"),
  window("upgrades", "aksManagedAutoUpgradeSchedule"),
  MANAGED_CLUSTER,
  IDENTITY,
  provider("azurecli"),
];

async function registeredWith(args: Partial<ClusterArgs>): Promise<Registration[]> {
  const engine = await mockEngine();
  new Cluster("ai", { ...ARGS, ...args });
  return engine.registered();
}

describe("Cluster", () => {
  it("registers identity, roles before the cluster, the cluster, its windows, and a provider without a credential", async () => {
    expect(await registeredWith({})).toEqual(WHOLE);
  });

  it("protects all of it where asked to, grandchildren too", async () => {
    const engine = await mockEngine();
    new Cluster("ai", ARGS, { protect: true });
    expect(await engine.registered()).toEqual(WHOLE.map((each) => ({ ...each, protect: true })));
  });

  it("opens the API server to the given ranges alone", async () => {
    const authorizedIpRanges = ["203.0.113.8/32"];
    const inputs = { ...MANAGED_CLUSTER.inputs, apiServerAccessProfile: { authorizedIPRanges: authorizedIpRanges } };
    expect(await registeredWith({ authorizedIpRanges })).toContainEqual({ ...MANAGED_CLUSTER, inputs });
  });

  it("takes size and number of system nodes, tier and version from the arguments", async () => {
    const systemPool = { vmSize: "Standard_D8s_v5", nodes: 3 };
    const inputs = {
      ...MANAGED_CLUSTER.inputs,
      kubernetesVersion: "1.37",
      sku: { name: "Base", tier: "Standard" },
      agentPoolProfiles: [{ ...SYSTEM_POOL, vmSize: "Standard_D8s_v5", count: 3 }],
    };
    expect(await registeredWith({ kubernetesVersion: "1.37", tier: "Standard", systemPool })).toContainEqual({ ...MANAGED_CLUSTER, inputs });
  });

  it("signs a pipeline in by its own identity", async () => {
    const registered = await registeredWith({ deployerType: "ServicePrincipal", login: "workloadidentity" });
    expect(registered).toContainEqual(provider("workloadidentity"));
    expect(registered).toContainEqual({ ...DEPLOYER, inputs: { ...DEPLOYER.inputs, principalType: "ServicePrincipal" } });
  });

  it("leaves the last word to the caller", async () => {
    const registered = await registeredWith({ override: (args) => ({ ...args, tags: { team: "ml" } }) });
    expect(registered).toContainEqual({ ...MANAGED_CLUSTER, inputs: { ...MANAGED_CLUSTER.inputs, tags: { team: "ml" } } });
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
