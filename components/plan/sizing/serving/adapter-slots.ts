import { type Linear, linearsOf } from "../parameters";
import type { ResolvedServingSetup } from "./setup";
import { SIXTEEN_BIT } from "./weights";

/**
 * Adapter slots of one GPU, in bytes: for every matrix of the blocks, `slots` pairs of matrices of the slot's rank, made before there is an adapter and
 * whatever its rank (vllm-project/vllm vllm/lora/layers, `create_lora_weights`). Of each pair tensor parallelism splits the half on the side where the
 * matrix itself is split; the other half is on every GPU.
 */
export function slotBytes({ adapters, model, pipelineParallel, tensorParallel }: ResolvedServingSetup): number {
  const widths = linearsOf(model).reduce((sum, linear) => sum + linear.copies * splitWidths(linear, tensorParallel), 0);
  return SIXTEEN_BIT * adapters.slots * adapters.rank * widths * Math.ceil(model.num_hidden_layers / pipelineParallel);
}

function splitWidths({ module, inputs, outputs }: Linear, gpus: number): number {
  const splitAtInputs = module === "o_proj" || module === "down_proj";
  return splitAtInputs ? inputs / gpus + outputs : inputs + outputs / gpus;
}
