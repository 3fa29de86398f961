import type { Input } from "@pulumi/pulumi";
import { parseImageReference } from "../image-reference";
import type { KaitoChartPlan, KaitoOperatorPlan } from "../kaito/operator";

/** The GPU provisioner's image as its chart takes it apart, which falls back to its own version where the tag is empty: the digest decides. */
export function provisionerImage(image: string) {
  const { registry = "", repository = "", tag = "", digest = "" } = parseImageReference(image) ?? {};
  return { repository: `${registry}/${repository}`, tag, digest };
}

/**
 * KAITO's image as its chart takes it apart, which writes repository, a colon and the tag: a digest comes along behind the tag, and an image
 * without a tag is split at its digest.
 */
export function kaitoImage(image: string) {
  const { repository, tag, digest } = provisionerImage(image);
  const pullPolicy = "IfNotPresent";
  if (tag === "") return { repository: `${repository}@sha256`, tag: digest.replace(/^sha256:/, ""), pullPolicy };
  return { repository, tag: digest === "" ? tag : `${tag}@${digest}`, pullPolicy };
}

/**
 * Everything that the library decides of KAITO's chart, said in full; what is left out is the chart's own.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/charts/kaito/workspace/values.yaml
 */
export function kaitoValues(plan: KaitoOperatorPlan, chart: KaitoChartPlan, image: Input<ReturnType<typeof kaitoImage>>, clusterName: Input<string>) {
  const { nodeProvisioner, devicePlugin } = plan;
  return {
    image,
    // Its leader election is off and no value of the chart turns it on.
    replicaCount: 1,
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: `${chart.memoryMiB}Mi` } },
    nodeProvisioner,
    cloudProviderName: "azure",
    clusterName,
    presetRegistryName: chart.presetRegistry,
    logging: { level: chart.logLevel },
    nvidiaDevicePlugin: { enabled: devicePlugin === "kaito" },
    // Lets the device plugin onto spot nodes; it buys none: https://github.com/kaito-project/kaito/pull/1870
    spotInstance: { enabled: devicePlugin === "kaito" },
    localCSIDriver: { useLocalCSIDriver: chart.localDisks },
    featureGates: { ...chart.featureGates },
    ...(nodeProvisioner === "byo" ? { "gpu-feature-discovery": featureDiscovery(chart.featureDiscovery) } : {}),
  };
}

/** The first two are the sub-chart's own, which a list replaces; without the others no pool of the library would be labelled. */
const DISCOVERY_TOLERATIONS = [
  { key: "CriticalAddonsOnly", operator: "Exists" },
  { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
  { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
  { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
];

/** https://github.com/NVIDIA/k8s-device-plugin/tree/v0.17.4/deployments/helm/nvidia-device-plugin */
function featureDiscovery(enabled: boolean) {
  const tolerations = DISCOVERY_TOLERATIONS.map((toleration) => ({ ...toleration }));
  return {
    gfd: { enabled },
    devicePlugin: { enabled: false },
    nfd: { enabled, worker: { tolerations } },
    tolerations,
  };
}

/** What the GPU provisioner is told of the cluster it makes pools of. */
export interface ProvisionerSurroundings {
  readonly subscriptionId: Input<string>;
  readonly tenantId: Input<string>;
  readonly clientId: Input<string>;
  readonly clusterName: Input<string>;
  readonly resourceGroupName: Input<string>;
  readonly nodeResourceGroup: Input<string>;
  readonly location: Input<string>;
}

/**
 * https://github.com/Azure/gpu-provisioner/blob/main/gpu-provisioner-values-template.yaml, and a pod that meets the restricted standard: the image
 * is distroless and its user 65532 (https://github.com/Azure/gpu-provisioner/blob/main/Dockerfile).
 */
export function gpuProvisionerValues(around: ProvisionerSurroundings, image: Input<ReturnType<typeof provisionerImage>>, logLevel: string) {
  const { clientId, tenantId, clusterName } = around;
  const environment = {
    ARM_SUBSCRIPTION_ID: around.subscriptionId,
    LOCATION: around.location,
    AZURE_CLUSTER_NAME: clusterName,
    AZURE_NODE_RESOURCE_GROUP: around.nodeResourceGroup,
    ARM_RESOURCE_GROUP: around.resourceGroupName,
    LEADER_ELECT: "false",
    E2E_TEST_MODE: "false",
  };
  return {
    // One alone, as leader election is off.
    replicas: 1,
    controller: {
      image,
      env: Object.entries(environment).map(([name, value]) => ({ name, value })),
      resources: { requests: { cpu: "200m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      logLevel,
    },
    podSecurityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } },
    // The chart's "Default" asks the node's name server, which no network policy can name.
    dnsPolicy: "ClusterFirst",
    workloadIdentity: { clientId, tenantId },
    settings: { azure: { clusterName } },
    logLevel,
  };
}
