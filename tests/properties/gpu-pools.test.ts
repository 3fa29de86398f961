import { itHolds } from "./expectations";
import { autoProvisionedGpuPool, gpuNodePool, preferredSpotGpuPool, spotPreference } from "./subjects/gpu-pools";

itHolds("GpuNodePool", gpuNodePool);
itHolds("PreferredSpotGpuPool", preferredSpotGpuPool);
itHolds("AutoProvisionedGpuPool", autoProvisionedGpuPool);
itHolds("SpotPreference", spotPreference);
