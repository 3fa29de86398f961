import { shortHash } from "../digest";
import type { KaitoServingPlan } from "../kaito/serving";

const KEY = "inference_config.yaml";

/**
 * What KAITO's server appends to vLLM's arguments, whose last word it so is: the name that clients use would else be the set's, which changes, and the
 * rank of adapters 16 at most: https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/inference/vllm/inference_api.py
 */
export function inferenceConfig(plan: KaitoServingPlan, adapters: number) {
  if (plan.runtime !== "vllm") return undefined;
  const { gpuMemoryUtilization, maxModelLength, maxLoraRank, modelName } = plan;
  const settings = {
    "served-model-name": modelName,
    ...(gpuMemoryUtilization === undefined ? {} : { "gpu-memory-utilization": gpuMemoryUtilization }),
    ...(maxModelLength === undefined ? {} : { "max-model-len": maxModelLength }),
    ...(adapters === 0 ? {} : { "max-lora-rank": maxLoraRank, "max-loras": adapters }),
  };
  // A scalar of JSON is one of YAML.
  const lines = Object.entries(settings).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  const text = `vllm:\n${lines.join("")}`;
  // KAITO looks at the content when it makes a copy alone, so another content is another ConfigMap.
  return { name: `${plan.name}-config-${shortHash(text, 8)}`, data: { [KEY]: text } };
}
