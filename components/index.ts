export { Cluster, type ClusterArgs, type ClusterRef } from "./cluster";
export { DatasetImage, type DatasetImageArgs, type DatasetRef } from "./dataset-image";
export { GpuNodePool, type GpuNodePoolArgs, type PoolRef } from "./gpu-node-pool";
export { GpuSupport, type GpuSupportArgs } from "./gpu-support";
export { InferenceService, type InferenceServiceArgs } from "./inference-service";
export { Network, type NetworkArgs, type NetworkRef } from "./network";
export type { Override } from "./override";
export { Registry, type RegistryArgs, type RegistryRef } from "./registry";
export type { CheckpointsShareRef } from "./checkpoints-account";
export type { IdentityRef } from "./push-identity";
export { Team, type TeamArgs, type TeamRef } from "./team";
export type { AllowedEgress } from "./plan/team-network";
export type { ContainerFigures, TeamQuota } from "./plan/team-quota";
export { TrainerImage, type TrainerImageArgs, type TrainerRef } from "./trainer-image";
export { type AdapterRef, TuningJob, type TuningJobArgs } from "./tuning-job";

export { BASE_MODELS, type BaseModelName, type ModelDimensions } from "./plan/catalogue/base-models";
export { GPU_SIZES, type GpuFamily, type GpuSize } from "./plan/catalogue/gpu-sizes";
export type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
export type { LoraSettings, LoraTargets, Method, Recipe } from "./plan/recipe";
export {
  type Candidate,
  type Constraints,
  type Priority,
  type Range,
  type Refusal,
  rightSize,
  type RightSize,
  type Shape,
} from "./plan/sizing/right-size";
export { estimateTuningMemory, type MemoryEstimate } from "./plan/sizing/tuning-memory";
