// Network
export { Network, type NetworkArgs, type NetworkRef, type PrivateEndpointsRef } from "./network";
export type { Egress } from "./plan/network";
export type { PrivateZone } from "./plan/network/private-zones";

// Cluster
export { Cluster, type ClusterArgs, type ClusterRef } from "./cluster";
export { type ClusterAddress, clusterProvider } from "./cluster/provider";
export type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
export type { Clients } from "./plan/serving/clients";
export type { ClusterDecisions } from "./plan/cluster";
export type { AddOnDecisions } from "./plan/cluster/add-ons";
export type { AddressDecisions } from "./plan/cluster/addresses";
export type { EncryptionDecisions, EtcdKey } from "./plan/cluster/encryption";
export type { IdentityRef } from "./plan/cluster/identity";
export type { MonitoringDecisions, WorkspaceRef } from "./plan/cluster/monitoring";
export type { AutoscalerDecisions, Expander, NodeProvisioning } from "./plan/cluster/node-provisioning";
export type { NodeDecisions, OsDisk, SystemPoolDecisions, WorkloadPoolDecisions, Zone } from "./plan/cluster/pools";
export type { SupportPlan, Tier } from "./plan/cluster/tier";
export type { MaintenanceWindow, NodeOsChannel, UpgradeChannel, UpgradeDecisions, WeekDay } from "./plan/cluster/upgrades";
export type { ClusterVersion } from "./plan/cluster/version";
export type { Login } from "./plan/kubeconfig";

// GPU pools
export { GpuNodePool, type GpuNodePoolArgs, type PoolRef } from "./gpu-node-pool";
export { AutoProvisionedGpuPool, type AutoProvisionedGpuPoolArgs } from "./auto-provisioned-gpu-pool";
export { PreferredSpotGpuPool, type PreferredSpotGpuPoolArgs } from "./preferred-spot-gpu-pool";
export { SpotPreference, type SpotPreferenceArgs } from "./spot-preference";
export { GpuSupport, type GpuSupportArgs } from "./gpu-support";
export type { GpuCard, GpuInstanceProfile } from "./plan/catalogue/gpu-cards";
export { GPU_SIZES, type GpuFamily, type GpuSize, type GpuSizeFacts } from "./plan/catalogue/gpu-sizes";
export type { GpuNodeDecisions, GpuOsSku, GpuPoolDecisions, NodePreference, Taint, Toleration, UpgradeSettings } from "./plan/gpu-pool/decisions";
export type { PreferredSpotNames } from "./plan/gpu-pool/preferred-spot";

// Registries and images
export { Registry, type RegistryArgs, type RegistryRef } from "./registry";
export type { RegistryPusher } from "./registry/access";
export { RegistrySecret, type RegistrySecretArgs } from "./registry-secret";
export { DatasetImage, type DatasetImageArgs, type DatasetRef } from "./dataset-image";
export { TrainerImage, type TrainerImageArgs, type TrainerRef } from "./trainer-image";
export type { DatasetImageDecisions, DatasetSource } from "./plan/dataset-image";
export type { RegistrySku } from "./plan/registry";
export type { RegistryAccess, RegistrySecretDecisions } from "./plan/registry/secret";
export type { PurgeDecisions } from "./plan/registry/purge";

// Team
export { Team, type TeamArgs, type TeamRef } from "./team";
export type { CheckpointsShareRef } from "./team/checkpoints-account";
export type { PushIdentityRef } from "./team/push-identity";
export type { AllowedEgress } from "./plan/team/network";
export type { PodSecurity } from "./plan/manifests/pod-security";
export type { ContainerFigures, TeamQuota } from "./plan/team/quota";

// Runs and services
export { type AdapterRef, TuningJob, type TuningJobArgs } from "./tuning-job";
export type { KaitoTuningJobArgs } from "./tuning-job/kaito-run";
export { InferenceService, type InferenceServiceArgs, type KaitoAdapter, type KaitoInferenceServiceArgs } from "./inference-service";
export {
  BASE_MODELS,
  type BaseModelFacts,
  type BaseModelName,
  findBaseModel,
  type ModelDimensions,
  type ModelOrigin,
  UNSIZED_BASE_MODELS,
  type UnsizedBaseModelFacts,
  type UnsizedBaseModelName,
} from "./plan/catalogue/base-models";
export { licenceNotice } from "./plan/licence";
export { readModelConfig } from "./plan/model-config";
export { type LoraSettings, type LoraTargets, type Method, type Recipe, type ResolvedRecipe, resolveRecipe } from "./plan/recipe";

// KAITO
export { KaitoOperator, type KaitoOperatorArgs } from "./kaito-operator";
export type { KaitoRef } from "./kaito";
export type { KaitoFeatureGate } from "./plan/catalogue/kaito-charts";
export type { KaitoNodeProvisioner } from "./plan/catalogue/kaito-versions";
export type { KaitoServedModel } from "./plan/kaito/serving/model";
export type { KaitoRuntime, PerformanceMode } from "./plan/kaito/serving/settings";
export type { KaitoChannel, KaitoDevicePlugin, KaitoLogLevel } from "./plan/kaito/operator/decisions";

// Sizing
export { rightSize, type RightSize } from "./plan/sizing/right-size";
export type { Candidate, Quota, Refusal } from "./plan/sizing/right-size/candidates";
export type { Constraints, Engine, ExistingPool, TrainerFeatures } from "./plan/sizing/right-size/constraints";
export type { Optimizer, Priority, Shape } from "./plan/sizing/shape";
export { estimateTuningMemory, type MemoryEstimate, type MemoryParts } from "./plan/sizing/tuning-memory";
export type {
  AttentionKernel,
  Checkpointing,
  FloatType,
  LossKernel,
  MemoryRecipe,
  MemoryShape,
  Offload,
  OptimizerKind,
  Precision,
  Sharding,
} from "./plan/sizing/memory/setup";
export type { Quantization } from "./plan/sizing/memory/quantization";
export { estimateHostNeeds, type HostNeeds } from "./plan/sizing/host-needs";
export { estimateTuningTime, type TuningTimeEstimate } from "./plan/sizing/tuning-time";
export { type SpeedEvidence, tuningGpu, type TuningGpu } from "./plan/sizing/speed/gpu";
export { type Interconnect, interconnectOf } from "./plan/sizing/speed/interconnect";
export type { TuningTimeSetup } from "./plan/sizing/speed/setup";
export type { EstimatedRange } from "./plan/sizing/speed/start-up";
export type { GpuPrice, GpuPrices, RegionalGpuPrices } from "./plan/prices";
export {
  estimateServingMemory,
  servingCacheRoomGiB,
  servingConcurrency,
  servingContextLength,
  type ServingEstimate,
} from "./plan/sizing/serving-memory";
export type { ServingQuantization, ServingSetup } from "./plan/sizing/serving/setup";
export { compareWithKaito, type KaitoComparison, type KaitoComparisonOptions } from "./plan/sizing/kaito/comparison";
export { type KaitoFigureTerms, type KaitoFormulaTerms, kaitoNodeCount, type KaitoNodes } from "./plan/sizing/kaito-nodes";
export type { KaitoSetup, KaitoVersion } from "./plan/sizing/kaito/setup";

// What every component takes
export type { Environment } from "./plan/environment";
export type { Override } from "./override";
export type { Tags } from "./plan/tags";
