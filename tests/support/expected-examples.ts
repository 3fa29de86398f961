/** What the examples register, as "Type name", put together from what each component is known to make. A run's id is written as RUN. */

const NETWORK = ["Network ai", "VirtualNetwork ai", "Subnet ai-nodes"];
const GATEWAY = ["NatGateway ai-egress", "PublicIPAddress ai-egress"];
const zone = (kind: string) => [`PrivateZone ai-${kind}`, `VirtualNetworkLink ai-${kind}`];
const PRIVATE_NETWORK = [...NETWORK, ...GATEWAY, "Subnet ai-endpoints", "NetworkSecurityGroup ai-nodes", "NetworkSecurityGroup ai-endpoints"];
const PRODUCTION_NETWORK = [...PRIVATE_NETWORK, ...["registry", "files", "vault"].flatMap(zone)];

const DEVELOPMENT_CLUSTER = [
  ...["Cluster ai", "ManagedCluster ai", "kubernetes ai", "MaintenanceConfiguration ai-upgrades", "MaintenanceConfiguration ai-node-images"],
  ...["RoleAssignment ai-deployer", "RoleAssignment ai-network"],
];
const OWN_IDENTITY = ["UserAssignedIdentity ai"];
/** Without the workspaces that logs and metrics go to. */
const WATCHED_CLUSTER = [
  ...[...DEVELOPMENT_CLUSTER, "AgentPool ai-workload", "DiagnosticSetting ai-control-plane", "DataCollectionEndpoint ai-metrics"],
  ...["container-logs", "metrics"].flatMap((what) => [`DataCollectionRule ai-${what}`, `DataCollectionRuleAssociation ai-${what}`]),
];
const WORKSPACES = ["Workspace ai-logs", "AzureMonitorWorkspace ai-metrics"];
const PRIVATE_CLUSTER_ROLES = ["RoleAssignment ai-private-zone", "RoleAssignment ai-network-link"];

const GPU_SUPPORT = [
  ...["GpuSupport gpu-support", "Namespace gpu-support", "ServiceAccount gpu-support-account", "NetworkPolicy gpu-support-default-deny"],
  ...["NetworkPolicy gpu-support-scraping", "DaemonSet gpu-support-device-plugin", "DaemonSet gpu-support-metrics-exporter"],
];
const endpoint = (name: string) => [`PrivateEndpoint ${name}`, `PrivateDnsZoneGroup ${name}`];
const registry = (name: string) => [`Registry ${name}`, `Resource ${name}`, `RoleAssignment ${name}-pull`];
const closedRegistry = (name: string) => [...registry(name), ...endpoint(name)];
const team = (name: string) => [
  ...[`Team ${name}`, `Namespace ${name}`, `ResourceQuota ${name}-quota`, `LimitRange ${name}-limits`, `ServiceAccount ${name}-tuning`],
  ...["default-deny", "dns", "api-server", "egress"].map((policy) => `NetworkPolicy ${name}-${policy}`),
  ...[`ServiceAccount ${name}-serving`, `UserAssignedIdentity ${name}-push`, `FederatedIdentityCredential ${name}-push`, `RoleAssignment ${name}-push`],
  ...["StorageAccount", "FileShare", "PersistentVolume", "PersistentVolumeClaim"].map((kind) => `${kind} ${name}-checkpoints`),
];
const lastingTeam = (name: string) => [...team(name), `FileServiceProperties ${name}-checkpoints`, ...endpoint(`${name}-checkpoints`)];
const gpuPool = (name: string) => [`GpuNodePool ${name}`, `AgentPool ${name}`];
const DATASET = ["DatasetImage tickets", "Image tickets"];
const TRAINER = ["TrainerImage trainer"];
const run = (name: string) => [
  ...[`TuningJob ${name}`, `ConfigMap ${name}`, `ConfigMap ${name}-RUN`, `Role ${name}-RUN`, `RoleBinding ${name}-RUN`],
  ...[`Job ${name}-RUN`, `Job ${name}-RUN-preflight`],
];
const registrySecret = (name: string) => ["RegistrySecret", "ScopeMap", "Token", "TokenPassword", "Secret"].map((kind) => `${kind} ${name}`);
/** KAITO trains; a Job of ours keeps its Workspace. */
const keptRun = (name: string) => [
  ...[`TuningJob ${name}`, `ConfigMap ${name}`, `ConfigMap ${name}-RUN`, `ConfigMap ${name}-training-RUN`, `Role ${name}-RUN`, `RoleBinding ${name}-RUN`],
  ...[`Job ${name}-RUN`, ...registrySecret(`${name}-push`)],
];
/** What stands of a service by KAITO before the object itself, with one adapter of its name. */
const kaitoService = (name: string) => [
  ...[`InferenceService ${name}`, `ConfigMap ${name}-config`, `Service ${name}`, `NetworkPolicy ${name}-ingress`, `NetworkPolicy ${name}-clients`],
  ...registrySecret(`${name}-${name}-pull`),
];
const service = (name: string) => [`InferenceService ${name}`, `Deployment ${name}`, `Service ${name}`, `NetworkPolicy ${name}-ingress`, `NetworkPolicy ${name}-clients`];

const GROUP = ["ResourceGroup ai"];
/** What most examples stand on. */
const PLATFORM = [
  ...[GROUP, PRODUCTION_NETWORK, WATCHED_CLUSTER, WORKSPACES, GPU_SUPPORT, closedRegistry("adapters"), lastingTeam("support")].flat(),
];
const DATA = [...closedRegistry("datasets"), ...DATASET, ...TRAINER];
const AUDITS = ["DiagnosticSetting datasets-audit", "DiagnosticSetting adapters-audit"];

/** By chart, with the controller that makes its nodes. */
const KAITO = [
  ...["KaitoOperator kaito", "Namespace kaito-namespace", "NetworkPolicy kaito-default-deny", "NetworkPolicy kaito-traffic", "ResourceQuota kaito-quota", "Release kaito"],
  ...["UserAssignedIdentity", "RoleDefinition", "RoleAssignment", "FederatedIdentityCredential", "Release"].map((kind) => `${kind} kaito-provisioner`),
  ...["Namespace kaito-provisioner-namespace", "NetworkPolicy kaito-provisioner-default-deny", "NetworkPolicy kaito-provisioner-traffic"],
  ...["LimitRange kaito-provisioner-limits", "ResourceQuota kaito-provisioner-quota"],
];

const EXPECTED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "audited-registry": [
    GROUP,
    ["Workspace audit", "Registry datasets", "Resource datasets", "Replication datasets-westus2", "DiagnosticSetting datasets-audit"],
    ["Resource datasets-purge", "RoleAssignment datasets-purge-delete", "RoleAssignment datasets-purge-list", "RoleAssignment datasets-push-pipeline"],
  ],
  "custom-model": [PLATFORM, OWN_IDENTITY, DATA, gpuPool("gpu"), run("tickets"), service("tickets")],
  "existing-cluster": [["kubernetes shared"], DATASET, run("tickets"), service("tickets")],
  "hub-network": [
    ...[GROUP, WATCHED_CLUSTER, OWN_IDENTITY, PRIVATE_CLUSTER_ROLES, GPU_SUPPORT, gpuPool("tune"), registry("datasets"), registry("adapters"), AUDITS],
    // Endpoints without zone groups: the hub names them.
    ...[team("support"), ["FileServiceProperties support-checkpoints", "NetworkPolicy support-allowed-egress"]],
    ["PrivateEndpoint datasets", "PrivateEndpoint adapters", "PrivateEndpoint support-checkpoints"],
  ],
  "kaito-add-on": [
    ...[GROUP, NETWORK, GATEWAY, DEVELOPMENT_CLUSTER, OWN_IDENTITY, registry("datasets"), registry("adapters"), team("support"), DATASET, TRAINER],
    ...[["KaitoOperator kaito"], keptRun("tickets"), registrySecret("tickets-pull"), kaitoService("tickets")],
  ],
  "kaito-chart": [
    ...[PLATFORM, OWN_IDENTITY, DATA, KAITO, keptRun("tickets"), kaitoService("tickets")],
    ["InferenceSet tickets", "PodDisruptionBudget tickets"],
  ],
  "node-auto-provisioning": [PLATFORM, OWN_IDENTITY, DATA, ["AutoProvisionedGpuPool tune", "AKSNodeClass tune-class", "NodePool tune"], run("tickets")],
  "private-platform": [
    ...[GROUP, PRIVATE_NETWORK, ...["registry", "files", "cluster"].map(zone), WATCHED_CLUSTER, OWN_IDENTITY, PRIVATE_CLUSTER_ROLES, WORKSPACES],
    ...[GPU_SUPPORT, gpuPool("tune"), closedRegistry("datasets"), closedRegistry("adapters"), AUDITS, lastingTeam("support")],
    ["VirtualNetworkPeering runners", ...["azurecr.io", "eastus.azmk8s.io", "file.core.windows.net"].map((of) => `VirtualNetworkLink runners-privatelink.${of}`)],
  ],
  "reserved-capacity": [PLATFORM, DATA, gpuPool("tune"), run("tickets")],
  "shared-gpus": [PLATFORM, OWN_IDENTITY, gpuPool("shared"), service("answers"), service("summaries"), service("triage")],
  "spot-with-fallback": [
    ...[PLATFORM, OWN_IDENTITY, DATA, run("tickets")],
    ["PreferredSpotGpuPool tune", "AgentPool tune", "AgentPool tune-on-demand", "SpotPreference spot", "ConfigMap spot"],
  ],
  sweep: [PLATFORM, OWN_IDENTITY, DATA, gpuPool("tune"), run("tickets-r8"), run("tickets-r16"), run("tickets-r64"), service("tickets")],
  "tune-and-serve": [
    ...[GROUP, NETWORK, GATEWAY, DEVELOPMENT_CLUSTER, OWN_IDENTITY, GPU_SUPPORT, registry("datasets"), registry("adapters"), team("support")],
    ...[gpuPool("gpu"), DATASET, TRAINER, run("tickets"), service("tickets")],
  ],
  "two-teams": [
    ...[PLATFORM, OWN_IDENTITY, DATA, gpuPool("tune"), run("tickets")],
    ...[["NetworkPolicy support-allowed-egress"], lastingTeam("legal"), run("clauses")],
  ],
};

/** Sorted; nothing of an example that is not listed here. */
export function expectedOf(example: string): readonly string[] {
  return (EXPECTED[example] ?? []).flat().sort();
}
