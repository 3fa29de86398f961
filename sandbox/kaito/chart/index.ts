import type { TaughtChart } from "./chart";
import { GPU_PROVISIONER_CHART } from "./gpu-provisioner-chart";
import { WORKSPACE_CHART } from "./workspace-chart";

export const TAUGHT_CHARTS: readonly TaughtChart[] = [WORKSPACE_CHART, GPU_PROVISIONER_CHART];
