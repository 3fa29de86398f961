import * as fc from "fast-check";
import { type GpuNodePoolArgs, type KubernetesVersion, rightSize } from "../../../components";
import { GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";
import { TINY_RECIPE } from "../../support/tiny-recipe";
import { kubernetesVersions } from "./common";

export type PoolGiven = Omit<GpuNodePoolArgs, "cluster" | "override"> & { readonly kubernetesVersion: KubernetesVersion };

/** Letters and digits, a letter first; four of Azure's twelve are kept for replacements. */
const names = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);

const priorities = fc.constantFrom<"Regular" | "Spot">("Regular", "Spot");
const chosen = priorities.map((priority) => rightSize(TINY_RECIPE, { location: "eastus", priority }));

export const poolGiven = fc.record({
  name: names,
  args: fc
    .tuple(
      fc.record<PoolGiven, "size" | "kubernetesVersion">(
        {
          size: fc.oneof(fc.constantFrom(...GPU_SIZE_NAMES), chosen),
          priority: priorities,
          kubernetesVersion: kubernetesVersions,
        },
        { requiredKeys: ["size", "kubernetesVersion"] },
      ),
      // Nodes that run count against the quota of the subscription.
      fc.option(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 980 })), { nil: undefined }),
    )
    .map(([pool, counts]): PoolGiven => (counts ? { ...pool, minNodes: counts[0], maxNodes: counts[0] + counts[1] } : pool)),
});
