import { findBaseModel, findUnsizedBaseModel } from "../catalogue/base-models";
import { nameProblems } from "../names";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";

export interface DeclaredAdapter {
  readonly name: string;
  /** Name of the base model it was tuned on. */
  readonly baseModel: string;
  readonly rank: number;
}

/** Ranks that vLLM's `--max-lora-rank` accepts: https://docs.vllm.ai/en/latest/features/lora.html */
const LORA_RANKS = [1, 8, 16, 32, 64, 128, 256, 320, 512];

/** The smallest rank vLLM accepts that holds every adapter; what vLLM reserves memory for. */
export function smallestLoraRank(adapters: readonly DeclaredAdapter[]): number {
  const highest = Math.max(1, ...adapters.map(({ rank }) => rank));
  return LORA_RANKS.find((rank) => rank >= highest) ?? highest;
}

/** Every fault of one of a server's adapters. */
export function adapterProblems(
  adapter: DeclaredAdapter,
  index: number,
  all: readonly DeclaredAdapter[],
  modelName: string | undefined,
): Problem[] {
  return [...nameProblems("workload", `adapters[${index}].name`, adapter.name), ...adapterContentProblems(adapter, index, all, modelName)];
}

/** The same but for how the name is spelt, which depends on the engine. */
export function adapterContentProblems(
  adapter: DeclaredAdapter,
  index: number,
  all: readonly DeclaredAdapter[],
  modelName: string | undefined,
): Problem[] {
  const path = `adapters[${index}]`;
  const problems: Problem[] = wholeNumber("AKSFT-SERVE-08", `${path}.rank`, adapter.rank, 1, 512);
  const earlier = all.findIndex(({ name }) => name === adapter.name);
  if (earlier < index) {
    problems.push({
      code: "AKSFT-SERVE-04",
      path: `${path}.name`,
      got: adapter.name,
      rule: `repeats adapters[${earlier}].name`,
      fix: "give each adapter its own name",
    });
  }
  if (adapter.name === modelName) {
    problems.push({
      code: "AKSFT-SERVE-05",
      path: `${path}.name`,
      got: adapter.name,
      rule: "is the base model's name, under which requests reach the base",
      fix: `use for example "${adapter.name}-tuned"`,
    });
  }
  if (modelName !== undefined && baseOf(adapter) !== modelName) {
    problems.push({
      code: "AKSFT-SERVE-06",
      path: `${path}.baseModel`,
      got: adapter.baseModel,
      rule: `differs from the service's model "${modelName}"; an adapter fits only the model it was tuned on`,
      fix: "serve it with its own base model",
    });
  }
  return problems;
}

function baseOf({ baseModel }: DeclaredAdapter): string {
  return findBaseModel(baseModel) ?? findUnsizedBaseModel(baseModel) ?? baseModel;
}
