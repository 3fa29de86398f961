import { Team, type TeamArgs } from "../../components";
import { guidFrom } from "../../components/plan/digest";
import { repositoryPrefixCondition } from "../../components/plan/catalogue/azure-roles";
import { DEFAULT_DENY, EGRESS, LIMIT_RANGE } from "../../components/plan/manifests/team-policies";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER, EXISTING_REGISTRY } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const WRITER = "2a1e307c-b015-4ebd-883e-5b7698a07328";
const ACCOUNT = "support8987166157";
const CHILD = { parent: "Team support" };
const OBJECT = { ...CHILD, provider: "providers:kubernetes ai" };
const INSIDE = { ...OBJECT, after: ["Namespace support"] };
const MODES = ["enforce", "audit", "warn"].flatMap((mode) => [
  [`pod-security.kubernetes.io/${mode}`, "restricted"],
  [`pod-security.kubernetes.io/${mode}-version`, "v1.36"],
]);
const inside = (name: string) => ({ name, namespace: "support" });

const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:Team",
  name: "support",
  inputs: { namespace: "support", storageAccountName: ACCOUNT, maxGpus: 8, checkpointsGiB: 100 },
};
const PUSH: Registration[] = [
  {
    type: "azure-native:authorization:RoleAssignment",
    name: "support-push",
    ...CHILD,
    after: ["UserAssignedIdentity support-push"],
    inputs: {
      scope: "registry-id",
      principalId: "support-push-principal-id",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions/${WRITER}`,
      condition: repositoryPrefixCondition("support"),
      conditionVersion: "2.0",
      roleAssignmentName: guidFrom("registry-id", "UserAssignedIdentity/support-push", WRITER),
    },
  },
  {
    type: "azure-native:managedidentity:FederatedIdentityCredential",
    name: "support-push",
    ...CHILD,
    after: ["UserAssignedIdentity support-push"],
    inputs: {
      resourceGroupName: "group",
      resourceName: "support-push",
      issuer: "https://issuer.example/",
      subject: "system:serviceaccount:support:tuning",
      audiences: ["api://AzureADTokenExchange"],
    },
  },
  {
    type: "azure-native:managedidentity:UserAssignedIdentity",
    name: "support-push",
    ...CHILD,
    inputs: { resourceGroupName: "group" },
  },
];
const SHARE: Registration = {
  type: "azure-native:storage:FileShare",
  name: "support-checkpoints",
  ...CHILD,
  after: ["StorageAccount support-checkpoints"],
  inputs: {
    resourceGroupName: "group",
    accountName: ACCOUNT,
    shareName: "checkpoints",
    enabledProtocols: "NFS",
    rootSquash: "NoRootSquash",
    shareQuota: 100,
  },
};
const STORAGE: Registration = {
  type: "azure-native:storage:StorageAccount",
  name: "support-checkpoints",
  ...CHILD,
  inputs: {
    resourceGroupName: "group",
    accountName: ACCOUNT,
    kind: "FileStorage",
    sku: { name: "Premium_LRS" },
    allowSharedKeyAccess: false,
    allowBlobPublicAccess: false,
    minimumTlsVersion: "TLS1_2",
    enableHttpsTrafficOnly: false,
    networkRuleSet: {
      defaultAction: "Deny",
      bypass: "None",
      virtualNetworkRules: [{ virtualNetworkResourceId: "subnet-id", action: "Allow" }],
    },
  },
};
const core = (kind: string, name: string, options: Partial<Registration>, inputs: object): Registration => ({
  type: `kubernetes:core/v1:${kind}`,
  name,
  ...options,
  inputs: { apiVersion: "v1", kind, ...inputs },
});
const networkPolicy = (part: string, spec: object): Registration => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: `support-${part}`,
  ...INSIDE,
  inputs: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: inside(part), spec },
});
const NAMESPACE = core("Namespace", "support", OBJECT, { metadata: { name: "support", labels: Object.fromEntries(MODES) } });
const VOLUME = core("PersistentVolume", "support-checkpoints", { ...OBJECT, after: ["FileShare support-checkpoints", "StorageAccount support-checkpoints"] }, {
  metadata: { name: "support-checkpoints" },
  spec: {
    capacity: { storage: "100Gi" },
    accessModes: ["ReadWriteMany"],
    persistentVolumeReclaimPolicy: "Retain",
    storageClassName: "",
    mountOptions: ["nconnect=4", "noresvport", "actimeo=30"],
    csi: {
      driver: "file.csi.azure.com",
      volumeHandle: `${ACCOUNT}_checkpoints`,
      volumeAttributes: { protocol: "nfs", resourceGroup: "group", storageAccount: ACCOUNT, shareName: "checkpoints" },
    },
    claimRef: inside("checkpoints"),
  },
});
const CLAIM = core("PersistentVolumeClaim", "support-checkpoints", { ...OBJECT, after: ["Namespace support", "PersistentVolume support-checkpoints"] }, {
  metadata: inside("checkpoints"),
  spec: {
    accessModes: ["ReadWriteMany"],
    storageClassName: "",
    volumeName: "support-checkpoints",
    resources: { requests: { storage: "100Gi" } },
  },
});
const quota = (gpus: string) =>
  core("ResourceQuota", "support-quota", INSIDE, {
    metadata: inside("team"),
    spec: { hard: { "requests.nvidia.com/gpu": gpus, pods: "100", "services.loadbalancers": "0", "services.nodeports": "0" } },
  });
const ACCOUNTS = [
  core("ServiceAccount", "support-serving", INSIDE, { metadata: inside("serving"), automountServiceAccountToken: false }),
  core("ServiceAccount", "support-tuning", { ...OBJECT, after: ["Namespace support", "UserAssignedIdentity support-push"] }, {
    metadata: { ...inside("tuning"), annotations: { "azure.workload.identity/client-id": "support-push-client-id" } },
    automountServiceAccountToken: false,
  }),
];
const whole = (gpus: string, share: Registration, storage: Registration, component: Registration): Registration[] => [
  component,
  ...PUSH,
  share,
  storage,
  core("LimitRange", "support-limits", INSIDE, { metadata: inside("team"), spec: LIMIT_RANGE }),
  NAMESPACE,
  VOLUME,
  CLAIM,
  quota(gpus),
  ...ACCOUNTS,
  networkPolicy("default-deny", DEFAULT_DENY),
  networkPolicy("egress", EGRESS),
  EXISTING_PROVIDER,
];

async function registeredWith(args: Partial<TeamArgs>): Promise<Registration[]> {
  const engine = await mockEngine();
  new Team("support", { cluster: existingCluster(), adapters: EXISTING_REGISTRY, ...args });
  return engine.registered();
}

describe("Team", () => {
  it("registers a guarded namespace, an identity for its own repositories, and a share that outlives every pod", async () => {
    expect(await registeredWith({})).toEqual(whole("8", SHARE, STORAGE, COMPONENT));
  });

  it("limits the team to the given GPUs", async () => {
    expect(await registeredWith({ maxGpus: 2 })).toEqual(whole("2", SHARE, STORAGE, { ...COMPONENT, inputs: { ...COMPONENT.inputs, maxGpus: 2 } }));
  });

  it("protects the share and its account alone where asked to", async () => {
    expect(await registeredWith({ protect: true })).toEqual(whole("8", { ...SHARE, protect: true }, { ...STORAGE, protect: true }, COMPONENT));
  });

  it("tells runs and services what is theirs", async () => {
    const engine = await mockEngine();
    const team = new Team("support", { cluster: existingCluster(), adapters: EXISTING_REGISTRY });
    const named = [team.tuningServiceAccount, team.servingServiceAccount, team.checkpointsClaim].map((output) => resolved(output));
    expect([team.namespace, ...(await Promise.all(named))]).toEqual(["support", "tuning", "serving", "checkpoints"]);
    await engine.registered();
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const bad = { cluster: existingCluster(), adapters: EXISTING_REGISTRY, maxGpus: -1, checkpointsGiB: 10 };
    expect(problemsOf(() => new Team("Fine_Tune", bad)).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-NAME-05",
      "AKSFT-TEAM-01",
      "AKSFT-TEAM-02",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
