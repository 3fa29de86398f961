import type { ModelDimensions } from "../../catalogue/base-models";
import { parameterCount } from "../parameters";

/** A figure with the bounds between which it is expected. */
export interface EstimatedRange {
  /** Lower bound. */
  readonly low: number;
  /** The most likely one. */
  readonly expected: number;
  /** Upper bound. */
  readonly high: number;
}

/**
 * Minutes from a pending pod to a node that offers its GPU: a virtual machine, its driver, the device plugin. 5 to 10 were reported for NC96ads_A100_v4
 * (https://learn.microsoft.com/answers/a/12767836, May 2026); smaller sizes were seen at the lower end. Capacity that Azure lacks is not in it.
 */
const NODE_MINUTES: EstimatedRange = { low: 3, expected: 6, high: 11 };
/** Compressed size of the trainer's image in GB: PyTorch's own with CUDA libraries has 3 to 4 (hub.docker.com/r/pytorch/pytorch/tags, 2026), trainers add to it. */
const IMAGE_GB: EstimatedRange = { low: 4, expected: 6, high: 9 };
/** GB per second at which containerd pulls and unpacks layers: one layer is unpacked at a time, which bounds it before the network does. A choice. */
const PULL_GBPS: EstimatedRange = { low: 0.05, expected: 0.1, high: 0.25 };
/** GB per second at which weights arrive: from a hub, from a share or a registry nearby, from fast storage nearby. A choice: nobody publishes it for Azure. */
const WEIGHTS_GBPS: EstimatedRange = { low: 0.1, expected: 0.4, high: 1.5 };

/**
 * Minutes before the first step: a node, the trainer's image, and the weights. These are read in 16 bits whatever the method, as NF4 is made of them on
 * the GPU. Nodes start at the same time, so their number does not matter; a node that is there already saves all but the weights.
 */
export function startUpMinutes(model: ModelDimensions): EstimatedRange {
  const weightsGB = (2 * parameterCount(model)) / 1e9;
  const minutes = (node: number, imageGB: number, pull: number, weights: number): number => node + imageGB / pull / 60 + weightsGB / weights / 60;
  return {
    low: minutes(NODE_MINUTES.low, IMAGE_GB.low, PULL_GBPS.high, WEIGHTS_GBPS.high),
    expected: minutes(NODE_MINUTES.expected, IMAGE_GB.expected, PULL_GBPS.expected, WEIGHTS_GBPS.expected),
    high: minutes(NODE_MINUTES.high, IMAGE_GB.high, PULL_GBPS.low, WEIGHTS_GBPS.low),
  };
}
