import { guidFrom } from "../../components/plan/digest";
import type { Registration } from "./mock-engine";

/** What a cluster registers, in the words that its tests compare with. */

export const TAGS = { "managed-by": "aks-fine-tuning", component: "Cluster/ai" };
const GROUP = "/subscriptions/subscription/resourceGroups/group";
const PLACE = { resourceGroupName: "group", location: "eastus" };
const MANAGED = "ManagedCluster ai";

const ROLES = {
  admin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  network: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  privateZone: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
  cryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
};

const roleInputs = (role: keyof typeof ROLES, scope: string, principal: { id: string; type: string; seed: string }) => ({
  scope,
  principalId: principal.id,
  principalType: principal.type,
  roleDefinitionId: `/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`,
  roleAssignmentName: guidFrom(scope, principal.seed, ROLES[role]),
});

export const deployerRole = (type = "User"): Registration => ({
  type: "azure-native:authorization:RoleAssignment",
  name: "ai-deployer",
  parent: "Cluster ai",
  inputs: roleInputs("admin", GROUP, { id: "deployer", type, seed: "deployer" }),
});

/** A role of the control plane's identity: the cluster's own unless another is named. */
export const identityRole = (suffix: string, role: keyof typeof ROLES, scope: string, existing?: { id: string; principalId: string }): Registration => ({
  type: "azure-native:authorization:RoleAssignment",
  name: `ai-${suffix}`,
  parent: "Cluster ai",
  ...(existing ? {} : { after: ["UserAssignedIdentity ai"] }),
  inputs: roleInputs(role, scope, {
    id: existing?.principalId ?? "ai-principal-id",
    type: "ServicePrincipal",
    seed: existing?.id ?? "UserAssignedIdentity/ai",
  }),
});

export const IDENTITY: Registration = {
  type: "azure-native:managedidentity:UserAssignedIdentity",
  name: "ai",
  parent: "Cluster ai",
  inputs: { ...PLACE, tags: TAGS },
};

export const window = (suffix: string, configName: string, after: string[], times: object = {}): Registration => ({
  type: "azure-native:containerservice:MaintenanceConfiguration",
  name: `ai-${suffix}`,
  parent: MANAGED,
  after: [...new Set([...after, MANAGED])].sort(),
  inputs: {
    resourceGroupName: "group",
    resourceName: "ai",
    configName,
    maintenanceWindow: {
      durationHours: 4,
      startTime: "01:00",
      utcOffset: "+00:00",
      schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
      ...times,
    },
  },
});

/** Both windows, one after the other. */
export const WINDOWS = [
  window("node-images", "aksManagedNodeOSUpgradeSchedule", ["MaintenanceConfiguration ai-upgrades"]),
  window("upgrades", "aksManagedAutoUpgradeSchedule", []),
];

export const LOG_WORKSPACE: Registration = {
  type: "azure-native:operationalinsights:Workspace",
  name: "ai-logs",
  parent: "Cluster ai",
  inputs: { ...PLACE, sku: { name: "PerGB2018" }, retentionInDays: 30, tags: TAGS },
};

const CATEGORIES = ["guard", "kube-audit-admin", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "cluster-autoscaler", "cloud-controller-manager"];

export const controlPlaneLogs = (workspaceId: string, after: string[]): Registration => ({
  type: "azure-native:monitor:DiagnosticSetting",
  name: "ai-control-plane",
  parent: "Cluster ai",
  after: [...after, MANAGED].sort(),
  inputs: {
    resourceUri: "ManagedCluster/ai",
    workspaceId,
    logAnalyticsDestinationType: "Dedicated",
    logs: CATEGORIES.map((category) => ({ category, enabled: true })),
    metrics: [{ category: "AllMetrics", enabled: true }],
  },
});

const association = (name: string, associationName: string): Registration => ({
  type: "azure-native:monitor:DataCollectionRuleAssociation",
  name,
  parent: "Cluster ai",
  after: [`DataCollectionRule ${name}`, MANAGED],
  inputs: { associationName, resourceUri: "ManagedCluster/ai", dataCollectionRuleId: `DataCollectionRule/${name}` },
});

const STREAMS = ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory"];

export const containerLogs = (workspaceResourceId: string, location: string, after?: string[]): Registration[] => [
  {
    type: "azure-native:monitor:DataCollectionRule",
    name: "ai-container-logs",
    parent: "Cluster ai",
    ...(after ? { after } : {}),
    inputs: {
      resourceGroupName: "group",
      location,
      kind: "Linux",
      dataSources: {
        extensions: [
          {
            name: "ContainerInsightsExtension",
            extensionName: "ContainerInsights",
            streams: STREAMS,
            extensionSettings: { dataCollectionSettings: { interval: "1m", namespaceFilteringMode: "Off", enableContainerLogV2: true } },
          },
        ],
      },
      destinations: { logAnalytics: [{ name: "ciworkspace", workspaceResourceId }] },
      dataFlows: [{ streams: STREAMS, destinations: ["ciworkspace"] }],
      tags: TAGS,
    },
  },
  association("ai-container-logs", "ContainerInsightsExtension"),
];

export const METRICS_WORKSPACE: Registration = {
  type: "azure-native:monitor:AzureMonitorWorkspace",
  name: "ai-metrics",
  parent: "Cluster ai",
  inputs: { ...PLACE, tags: TAGS },
};

export const prometheus = (accountResourceId: string, location: string, after: string[] = []): Registration[] => [
  {
    type: "azure-native:monitor:DataCollectionEndpoint",
    name: "ai-metrics",
    parent: "Cluster ai",
    inputs: { resourceGroupName: "group", location, kind: "Linux", tags: TAGS },
  },
  {
    type: "azure-native:monitor:DataCollectionRule",
    name: "ai-metrics",
    parent: "Cluster ai",
    after: [...after, "DataCollectionEndpoint ai-metrics"],
    inputs: {
      resourceGroupName: "group",
      location,
      kind: "Linux",
      dataCollectionEndpointId: "DataCollectionEndpoint/ai-metrics",
      dataSources: { prometheusForwarder: [{ name: "PrometheusDataSource", streams: ["Microsoft-PrometheusMetrics"], labelIncludeFilter: {} }] },
      destinations: { monitoringAccounts: [{ name: "MonitoringAccount1", accountResourceId }] },
      dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["MonitoringAccount1"] }],
      tags: TAGS,
    },
  },
  association("ai-metrics", "ContainerInsightsMetricsExtension"),
];

const ANY_NODES = {
  type: "VirtualMachineScaleSets",
  osType: "Linux",
  osSKU: "Ubuntu2404",
  maxPods: 110,
  vnetSubnetID: "/network/subnets/nodes",
  enableNodePublicIP: false,
};
const NODES = { ...ANY_NODES, vmSize: "Standard_D4ds_v5", osDiskType: "Ephemeral", osDiskSizeGB: 128, enableEncryptionAtHost: true };

export const SYSTEM_POOL = {
  name: "system",
  mode: "System",
  ...NODES,
  count: 3,
  availabilityZones: ["1", "2", "3"],
  nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
};

export const SMALL_SYSTEM_POOL = {
  name: "system",
  mode: "System",
  ...ANY_NODES,
  vmSize: "Standard_D4s_v5",
  osDiskType: "Managed",
  enableEncryptionAtHost: false,
  count: 1,
};

export const workloadPool = (agentPoolName: string, changes: object = {}, after = ["MaintenanceConfiguration ai-node-images", MANAGED]): Registration => ({
  type: "azure-native:containerservice:AgentPool",
  name: "ai-workload",
  parent: "Cluster ai",
  ignoreChanges: ["count", "orchestratorVersion"],
  after,
  deleteBeforeReplace: false,
  inputs: {
    resourceGroupName: "group",
    resourceName: "ai",
    agentPoolName,
    mode: "User",
    ...NODES,
    orchestratorVersion: "1.36",
    enableAutoScaling: true,
    count: 1,
    minCount: 1,
    maxCount: 3,
    upgradeSettings: { maxSurge: "33%" },
    tags: TAGS,
    ...changes,
  },
});

export const provider = (login = "azurecli"): Registration => ({
  type: "pulumi:providers:kubernetes",
  name: "ai",
  parent: "Cluster ai",
  after: [MANAGED],
  inputs: {
    clusterIdentifier: "ManagedCluster/ai",
    enableSecretMutable: "true",
    kubeconfig:
      '{"apiVersion":"v1","kind":"Config","current-context":"aks",' +
      '"clusters":[{"name":"aks","cluster":{"server":"https://api.example","certificate-authority-data":"Q0E="}}],' +
      '"contexts":[{"name":"aks","context":{"cluster":"aks","user":"deployer"}}],' +
      '"users":[{"name":"deployer","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1beta1","command":"kubelogin",' +
      `"args":["get-token","--login","${login}","--server-id","6dae42f8-4368-4678-94ff-3960e28e3630"],` +
      '"interactiveMode":"Never","provideClusterInfo":false}}}]}',
  },
});
