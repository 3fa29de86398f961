import { itHolds } from "./expectations";
import { gpuSupport } from "./subjects/gpu-support";

itHolds("GpuSupport", gpuSupport);
