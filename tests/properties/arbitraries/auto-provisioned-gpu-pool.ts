import * as fc from "fast-check";
import type { AutoProvisionedGpuPoolArgs } from "../../../components";
import { GPU_SIZE_NAMES, GPU_SIZES } from "../../../components/plan/catalogue/gpu-sizes";
import { from, workloadNames } from "./common";
import { type Joined, nodes } from "./gpu-node-pool";

export type AutoProvisionedGiven = Omit<AutoProvisionedGpuPoolArgs, "cluster"> & Joined;

const own = fc.record<Omit<AutoProvisionedGiven, keyof Joined>, "size">(
  {
    size: fc.constantFrom(...GPU_SIZE_NAMES.filter((size) => GPU_SIZES[size].nodeAutoProvisioning)),
    priority: fc.constantFrom("Regular", "Spot"),
    onDemandFallback: fc.boolean(),
    maxNodes: from(1, 1000),
    emptyMinutes: from(0, 1440),
    expireAfterHours: from(1, 8760),
    osDiskSizeGb: from(30, 2048),
    driver: fc.constantFrom("Install", "None"),
  },
  { requiredKeys: ["size"] },
);

export const autoProvisionedGiven = fc.record({
  name: workloadNames,
  args: fc.tuple(own, nodes).map(([pool, node]): AutoProvisionedGiven => ({ ...pool, ...node })),
});
