import type { Registration } from "./mock-engine";

const CHILD = { parent: "KaitoOperator kaito" };
const OBJECT = { ...CHILD, provider: "providers:kubernetes ai" };
export const OWN_TAGS = { "managed-by": "aks-fine-tuning", component: "KaitoOperator/kaito" };
const GUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const PATIENCE = { create: "30m", update: "30m", delete: "30m" };
const ROLES = "/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions";

const tcp = (port: number) => ({ protocol: "TCP", port });
const KUBE_SYSTEM = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } };
const SCRAPING = { from: [KUBE_SYSTEM], ports: [tcp(8080)] };
const OUTWARDS = [
  { to: [{ ...KUBE_SYSTEM, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }], ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
  { ports: [tcp(443)] },
];
const BOTH_WAYS = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

export function component(inputs: object): Registration {
  const usual = { channel: "chart", version: "0.12", nodeProvisioner: "azure-gpu-provisioner", devicePlugin: "gpu-support" };
  return { type: "aks-fine-tuning:index:KaitoOperator", name: "kaito", inputs: { ...usual, ...inputs } };
}

function core(kind: string, name: string, options: Partial<Registration>, inputs: object): Registration {
  return { type: `kubernetes:core/v1:${kind}`, name, ...options, inputs: { apiVersion: "v1", kind, ...inputs } };
}

function namespace(part: string, name: string, level: string): Registration {
  const modes = { enforce: level, audit: "restricted", warn: level };
  const labels = Object.entries(modes).flatMap(([mode, asked]) => [
    [`pod-security.kubernetes.io/${mode}`, asked],
    [`pod-security.kubernetes.io/${mode}-version`, "v1.36"],
  ]);
  return core("Namespace", `${part}-namespace`, OBJECT, { metadata: { name, labels: Object.fromEntries(labels) } });
}

function inside(part: string): Partial<Registration> {
  return { ...OBJECT, after: [`Namespace ${part}-namespace`] };
}

function policy(part: string, suffix: string, metadata: object, spec: object): Registration {
  const inputs = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
  return { type: "kubernetes:networking.k8s.io/v1:NetworkPolicy", name: `${part}-${suffix}`, ...inside(part), inputs };
}

function guarded(part: string, name: string, level: string, traffic: object): Registration[] {
  const named = (objectName: string) => ({ name: objectName, namespace: name });
  return [
    namespace(part, name, level),
    policy(part, "default-deny", named("default-deny"), BOTH_WAYS),
    policy(part, "traffic", named("controller"), traffic),
    core("ResourceQuota", `${part}-quota`, inside(part), { metadata: named("controller"), spec: { hard: { "requests.nvidia.com/gpu": "0" } } }),
  ];
}

function release(name: string, after: readonly string[], inputs: object): Registration {
  const common = { compat: "true", atomic: true, timeout: 1200, maxHistory: 5 };
  return { type: "kubernetes:helm.sh/v3:Release", name, ...OBJECT, after: [...after].sort(), customTimeouts: PATIENCE, inputs: { ...common, ...inputs } };
}

const guardNames = (part: string) => [`Namespace ${part}-namespace`, `NetworkPolicy ${part}-default-deny`, `NetworkPolicy ${part}-traffic`, `ResourceQuota ${part}-quota`];

export const KAITO_VALUES = {
  image: { repository: "mcr.microsoft.com/aks/kaito/workspace", tag: "0.12.0", pullPolicy: "IfNotPresent" },
  replicaCount: 1,
  resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  nodeProvisioner: "azure-gpu-provisioner",
  cloudProviderName: "azure",
  clusterName: "ai",
  presetRegistryName: "mcr.microsoft.com/aks/kaito",
  logging: { level: "error" },
  nvidiaDevicePlugin: { enabled: false },
  spotInstance: { enabled: false },
  localCSIDriver: { useLocalCSIDriver: true },
  featureGates: {
    vLLM: true,
    enableInferenceSetController: true,
    gatewayAPIInferenceExtension: false,
    enableMIG: false,
    enableAccelerator: false,
    enableMultiRoleInferenceController: false,
    ModelMirror: false,
    ModelStreaming: false,
    enableBaseImageAutoUpgrade: false,
    disableNodeAutoProvisioning: false,
  },
};

const REPOSITORY = { chart: "workspace", repositoryOpts: { repo: "https://kaito-project.github.io/kaito/charts/kaito" } };

/** KAITO's own namespace and chart, with what the case changes. */
export function kaito(values: object = {}, changes: object = {}, { level = "privileged", after = [] as readonly string[] } = {}): Registration[] {
  const chart = { ...REPOSITORY, version: "0.12.0", name: "kaito-workspace", namespace: "kaito-workspace", values: { ...KAITO_VALUES, ...values }, ...changes };
  const traffic = {
    ...BOTH_WAYS,
    ingress: [{ ports: [tcp(9443)] }, SCRAPING, { from: [{ podSelector: {} }] }],
    egress: [...OUTWARDS, { to: [{ podSelector: {} }] }],
  };
  return [...guarded("kaito", "kaito-workspace", level, traffic), release("kaito", [...guardNames("kaito"), ...after], chart)];
}

const PART = "kaito-provisioner";
const SMALL = { limits: [{ type: "Container", defaultRequest: { cpu: "10m", memory: "64Mi" }, default: { memory: "256Mi" } }] };

/** The GPU provisioner's values, with its image. */
export function provisionerValues(image: object, logLevel = "error") {
  const environment = {
    ARM_SUBSCRIPTION_ID: "subscription",
    LOCATION: "eastus",
    AZURE_CLUSTER_NAME: "ai",
    AZURE_NODE_RESOURCE_GROUP: "nodes",
    ARM_RESOURCE_GROUP: "group",
    LEADER_ELECT: "false",
    E2E_TEST_MODE: "false",
  };
  return {
    replicas: 1,
    controller: {
      image,
      env: Object.entries(environment).map(([name, value]) => ({ name, value })),
      resources: { requests: { cpu: "200m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      logLevel,
    },
    podSecurityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } },
    dnsPolicy: "ClusterFirst",
    workloadIdentity: { clientId: `${PART}-client-id`, tenantId: "tenant" },
    settings: { azure: { clusterName: "ai" } },
    logLevel,
  };
}

export const PROVISIONER_IMAGE = { repository: "mcr.microsoft.com/aks/kaito/gpu-provisioner", tag: "0.4.2", digest: "" };

/** Its namespace and chart. */
export function provisioner(image: object = PROVISIONER_IMAGE, changes: object = {}): Registration[] {
  const repositoryOpts = { repo: "https://azure.github.io/gpu-provisioner/charts" };
  const chart = { chart: "gpu-provisioner", repositoryOpts, version: "0.4.2", name: "gpu-provisioner", namespace: "gpu-provisioner", values: provisionerValues(image), ...changes };
  const after = [...guardNames(PART), `LimitRange ${PART}-limits`, `FederatedIdentityCredential ${PART}`, `RoleAssignment ${PART}`, `UserAssignedIdentity ${PART}`];
  return [
    ...guarded(PART, "gpu-provisioner", "restricted", { ...BOTH_WAYS, ingress: [SCRAPING], egress: OUTWARDS }),
    core("LimitRange", `${PART}-limits`, inside(PART), { metadata: { name: "controller", namespace: "gpu-provisioner" }, spec: SMALL }),
    release(PART, after, chart),
  ];
}

/** Its identity, what that may do and who may be it. */
export function identity({ role = ROLES, tags = {} }: { readonly role?: string; readonly tags?: object } = {}): Registration[] {
  const own = role === ROLES;
  const after = [...(own ? [`RoleDefinition ${PART}`] : []), `UserAssignedIdentity ${PART}`];
  return [
    { type: "azure-native:managedidentity:UserAssignedIdentity", name: PART, ...CHILD, inputs: { resourceGroupName: "group", tags: { ...tags, ...OWN_TAGS } } },
    {
      type: "azure-native:managedidentity:FederatedIdentityCredential",
      name: PART,
      ...CHILD,
      after: [`UserAssignedIdentity ${PART}`],
      inputs: {
        resourceGroupName: "group",
        resourceName: PART,
        issuer: "https://issuer.example/",
        subject: "system:serviceaccount:gpu-provisioner:gpu-provisioner",
        audiences: ["api://AzureADTokenExchange"],
      },
    },
    {
      type: "azure-native:authorization:RoleAssignment",
      name: PART,
      ...CHILD,
      after,
      inputs: {
        scope: "cluster-id",
        principalId: `${PART}-principal-id`,
        principalType: "ServicePrincipal",
        roleDefinitionId: own ? `${ROLES}/${PART}` : role,
        roleAssignmentName: GUID,
      },
    },
    ...(own ? [ROLE] : []),
  ];
}

const ROLE: Registration = {
  type: "azure-native:authorization:RoleDefinition",
  name: PART,
  ...CHILD,
  inputs: {
    scope: "/subscriptions/subscription/resourceGroups/group",
    roleDefinitionId: GUID,
    roleName: expect.stringMatching(/^GPU provisioner of ai [0-9a-f]{8}$/),
    description: "Makes and removes the agent pools of an AKS cluster, and nothing else.",
    roleType: "CustomRole",
    permissions: [
      {
        actions: ["read", "agentPools/read", "agentPools/write", "agentPools/delete"].map((action) => `Microsoft.ContainerService/managedClusters/${action}`),
        notActions: [],
      },
    ],
    assignableScopes: ["/subscriptions/subscription/resourceGroups/group"],
  },
};
