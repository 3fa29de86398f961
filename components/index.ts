export { Cluster, type ClusterArgs, type ClusterRef, type NodeProvisioning } from "./cluster";
export { DatasetImage, type DatasetImageArgs, type DatasetRef } from "./dataset-image";
export { GpuNodePool, type GpuNodePoolArgs, type PoolRef } from "./gpu-node-pool";
export { GpuSupport, type GpuSupportArgs } from "./gpu-support";
export { InferenceService, type InferenceServiceArgs } from "./inference-service";
export { Network, type NetworkArgs, type NetworkRef, type PrivateEndpointsRef } from "./network";
export type { Override } from "./override";
export { Registry, type RegistryArgs, type RegistryRef } from "./registry";
export { Team, type TeamArgs, type TeamRef } from "./team";
export { TrainerImage, type TrainerImageArgs, type TrainerRef } from "./trainer-image";
export { type AdapterRef, TuningJob, type TuningJobArgs } from "./tuning-job";

export { BASE_MODELS, type BaseModelFacts, type BaseModelName, type ModelDimensions } from "./plan/catalogue/base-models";
export { GPU_SIZES, type GpuFamily, type GpuSize, type GpuSizeFacts } from "./plan/catalogue/gpu-sizes";
export type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
export type { DatasetSource } from "./plan/dataset-image";
export type { Environment } from "./plan/environment";
export type { Toleration } from "./plan/gpu-pool";
export type { Login } from "./plan/kubeconfig";
export type { LoraSettings, LoraTargets, Method, Recipe, ResolvedRecipe } from "./plan/recipe";
export {
  type Candidate,
  type Constraints,
  type Optimizer,
  type Priority,
  type Range,
  type Refusal,
  rightSize,
  type RightSize,
  type Shape,
} from "./plan/sizing/right-size";
export { estimateTuningMemory, type MemoryEstimate, type MemoryShape } from "./plan/sizing/tuning-memory";
export type { Tags } from "./plan/tags";
