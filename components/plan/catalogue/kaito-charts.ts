import type { DrivenKaitoVersion } from "./kaito-versions";

/** A Helm chart and where it is published. */
export interface PublishedChart {
  /** Name of the chart. */
  readonly chart: string;
  /** Name and namespace of the release, as KAITO's documentation has them: roles, webhooks and templates are found by them. */
  readonly release: string;
  /** Helm repository. */
  readonly repository: string;
  /** Image of its controller, without a tag. */
  readonly image: string;
}

/** https://kaito-project.github.io/kaito/docs/installation */
export const KAITO_CHART: PublishedChart = {
  chart: "workspace",
  release: "kaito-workspace",
  repository: "https://kaito-project.github.io/kaito/charts/kaito",
  image: "mcr.microsoft.com/aks/kaito/workspace",
};

/** https://github.com/Azure/gpu-provisioner/tree/gh-pages/charts; the name is in the subject that its identity trusts. */
export const GPU_PROVISIONER_CHART: PublishedChart = {
  chart: "gpu-provisioner",
  release: "gpu-provisioner",
  repository: "https://azure.github.io/gpu-provisioner/charts",
  image: "mcr.microsoft.com/aks/kaito/gpu-provisioner",
};

/** Version of the GPU provisioner that KAITO 0.12's own Terraform installs: https://github.com/kaito-project/kaito/tree/v0.12.0/terraform */
export const GPU_PROVISIONER_VERSION = "0.4.2";

/**
 * All that the GPU provisioner asks of Azure: it lists, reads, makes and removes agent pools. Upstream gives it Contributor on the cluster, with
 * which it could also replace the cluster and fetch its credentials.
 * https://github.com/Azure/gpu-provisioner/blob/main/pkg/providers/instance/azure_client.go
 */
export const GPU_PROVISIONER_ACTIONS = [
  "Microsoft.ContainerService/managedClusters/read",
  "Microsoft.ContainerService/managedClusters/agentPools/read",
  "Microsoft.ContainerService/managedClusters/agentPools/write",
  "Microsoft.ContainerService/managedClusters/agentPools/delete",
] as const;

/** Where KAITO's base image and the weights for tuning are, unless a mirror has them. */
export const PRESET_REGISTRY = "mcr.microsoft.com/aks/kaito";

/** Switches of KAITO's controller: https://github.com/kaito-project/kaito/blob/v0.12.0/charts/kaito/workspace/values.yaml */
export const KAITO_FEATURE_GATES = [
  "vLLM",
  "enableInferenceSetController",
  "gatewayAPIInferenceExtension",
  "enableMIG",
  "enableAccelerator",
  "enableMultiRoleInferenceController",
  "ModelMirror",
  "ModelStreaming",
  "enableBaseImageAutoUpgrade",
] as const;
/**
 * A switch of KAITO's controller; whether it makes nodes is `nodeProvisioner`'s to say.
 * @useDeclaredType
 */
export type KaitoFeatureGate = (typeof KAITO_FEATURE_GATES)[number];

/** The switches of each version and where they stand when nobody moves them; none where AKS holds them. */
export const GATES_OF_VERSION: Readonly<Record<DrivenKaitoVersion, Readonly<Partial<Record<KaitoFeatureGate, boolean>>>>> = {
  "0.6": {},
  "0.12": {
    vLLM: true,
    enableInferenceSetController: true,
    gatewayAPIInferenceExtension: false,
    enableMIG: false,
    enableAccelerator: false,
    enableMultiRoleInferenceController: false,
    ModelMirror: false,
    ModelStreaming: false,
    enableBaseImageAutoUpgrade: false,
  },
  main: {},
};
