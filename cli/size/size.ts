import { parseArgs } from "node:util";
import { licenceNotice } from "../../components/plan/licence";
import { GPU_PRICES } from "../../components/plan/catalogue/gpu-sizes";
import { rightSize } from "../../components/plan/sizing/right-size";
import { CONSTRAINT_OPTIONS, flagLines, type Given, optionLines, parseOptions, RECIPE_OPTIONS, TRAINER_OPTIONS } from "./options";
import { constraintsFrom, recipeFrom } from "./read";
import { screen } from "./screen";

export const HELP = `aks-fine-tuning size: the cheapest Azure GPU size that safely holds a tuning run.

The run
${optionLines(RECIPE_OPTIONS)}

What it may cost, and where
${optionLines(CONSTRAINT_OPTIONS)}

The trainer, where it is not the library's own
${optionLines(TRAINER_OPTIONS)}

Flags
${flagLines()}

Examples
  aks-fine-tuning size --model Qwen2.5-7B-Instruct --method qlora --sequence-length 2048 --spot
  aks-fine-tuning size --model Llama-3.3-70B-Instruct --method lora --sequence-length 4096
  aks-fine-tuning size --config ./config.json --method lora --sequence-length 512 --json

Exit codes: 0 done; 1 refused, with the reason for each size; 2 wrong usage.
Prices: ${GPU_PRICES.region}, ${GPU_PRICES.date}; spot prices ${GPU_PRICES.spot}.
`;

/** What the command prints. Throws RunError for a refused recipe, and UsageError for wrong usage. */
export function size(args: readonly string[]): string {
  const given = parseArgs({ args: [...args], options: parseOptions() }).values as Given;
  if (given.help) return HELP;
  const recipe = recipeFrom(given);
  const constraints = constraintsFrom(given);
  const result = rightSize(recipe, constraints);
  if (given.json) return `${JSON.stringify(result, undefined, 2)}\n`;
  const notice = typeof recipe.model === "string" ? licenceNotice(recipe.model) : undefined;
  return screen(result, recipe, constraints, notice);
}
