import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { modelProblems } from "../components/plan/base-model";
import { BASE_MODEL_NAMES, findBaseModel, type ModelDimensions } from "../components/plan/catalogue/base-models";
import { GPU_PRICES, GPU_SIZES } from "../components/plan/catalogue/gpu-sizes";
import { nameOf, readModelConfig } from "../components/plan/model-config";
import { METHODS, type Recipe } from "../components/plan/recipe";
import { refusal } from "../components/plan/refuse";
import { type Candidate, rightSize, type RightSize } from "../components/plan/sizing/right-size";
import { oneOf } from "../components/plan/spelling";
import { UsageError } from "./command";
import { COLUMNS, wrapped } from "./wrap";

export const HELP = `aks-fine-tuning size: the cheapest Azure GPU size that safely holds a tuning run.

  --model NAME             one of ${BASE_MODEL_NAMES.length} models, which aks-fine-tuning models lists
  --config FILE            config.json of an unlisted model, instead of --model
  --method METHOD          ${METHODS.join(" or ")}
  --sequence-length N      longest row, in tokens
  --global-batch N         rows per optimizer step (default 16)
  --epochs N               passes over the data (default 3)
  --rank N                 rank of the adapter (default 16)
  --rows N                 rows of the dataset, for hours and cost (default 1000)
  --spot                   price spot capacity
  --max-hourly-usd USD     most to pay for a node
  --json                   machine-readable
  --help                   this text

Examples
  aks-fine-tuning size --model Qwen2.5-7B-Instruct --method qlora --sequence-length 2048 --spot
  aks-fine-tuning size --config ./config.json --method lora --sequence-length 512 --json

Exit codes: 0 done; 1 refused, with the reason for each size; 2 wrong usage.
Prices: ${GPU_PRICES.region}, ${GPU_PRICES.date}; spot ${GPU_PRICES.spot}.
`;

/** What the command prints. Throws RunError for a refused recipe, and UsageError for wrong usage. */
export function size(args: readonly string[]): string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: "string" },
      config: { type: "string" },
      method: { type: "string" },
      "sequence-length": { type: "string" },
      "global-batch": { type: "string" },
      epochs: { type: "string" },
      rank: { type: "string" },
      rows: { type: "string" },
      "max-hourly-usd": { type: "string" },
      spot: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return HELP;
  const { method, "sequence-length": sequenceLength } = values;
  if (!method || !sequenceLength || (!values.model && !values.config)) {
    throw new UsageError("--method, --sequence-length and one of --model and --config are needed; aks-fine-tuning size --help lists the options");
  }
  const recipe: Recipe = {
    model: values.config ? readConfig(values.config) : catalogued(values.model ?? ""),
    method: known(method),
    sequenceLength: numberOf("sequence-length", sequenceLength),
    globalBatch: optional("global-batch", values["global-batch"]),
    epochs: optional("epochs", values.epochs),
    lora: { rank: optional("rank", values.rank) },
  };
  const result = rightSize(recipe, {
    location: GPU_PRICES.region,
    priority: values.spot ? "Spot" : "Regular",
    maxHourlyUsd: optional("max-hourly-usd", values["max-hourly-usd"]),
    rows: optional("rows", values.rows),
  });
  return values.json ? `${JSON.stringify(result, undefined, 2)}\n` : table(result);
}

function known(method: string): Recipe["method"] {
  const found = METHODS.find((each) => each === method);
  if (found) return found;
  throw new UsageError(`--method ${method}: ${oneOf(method, METHODS)}`);
}

function catalogued(name: string): Recipe["model"] {
  const found = findBaseModel(name);
  if (found !== undefined) return found;
  throw refusal("The recipe", modelProblems(name, "give --config with its config.json"));
}

/** Dimensions of a Hugging Face `config.json`; its name is the `_name_or_path` in it, else the path of the file. */
function readConfig(file: string): ModelDimensions {
  const config = parsed(file);
  return readModelConfig(config, nameOf(config) ?? file);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--config ${file}: ${existsSync(file) ? `is not JSON, ${String(error)}` : "no such file"}`);
  }
}

function optional(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : numberOf(option, text);
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number) && number > 0) return number;
  throw new UsageError(`--${option} ${text}: is no positive number`);
}

function table(result: RightSize): string {
  const parts = Object.entries(result.memory.parts).map(([part, gib]) => `  ${part.padEnd(12)}${gib.toFixed(2).padStart(8)} GiB`);
  const chosen: Candidate = { ...result, size: result.shape.size };
  return [
    ...wrapped(result.reason, COLUMNS),
    "",
    "Memory of one GPU",
    ...parts,
    `  ${"expected".padEnd(12)}${result.memory.expectedGiB.toFixed(2).padStart(8)} GiB  all of these but slack`,
    `  ${"safe".padEnd(12)}${result.memory.safeGiB.toFixed(2).padStart(8)} GiB  all of these, what a GPU must have`,
    "",
    `${"Size".padEnd(28)}${"batch".padStart(6)}${"GiB".padStart(16)}${"hours".padStart(16)}${"USD".padStart(18)}`,
    ...[chosen, ...result.candidates].map(candidateRow),
    "",
    `Quota: ${result.quota.vcpus} vCPUs of ${result.quota.spot ? "the region's spot quota" : result.quota.family}`,
    "",
  ].join("\n");
}

function candidateRow(candidate: Candidate): string {
  const { memoryGiB } = GPU_SIZES[candidate.size];
  const hours = `${candidate.hours.low.toFixed(2)}–${candidate.hours.high.toFixed(2)}`;
  const usd = candidate.usd ? `${candidate.usd.low.toFixed(2)}–${candidate.usd.high.toFixed(2)}` : "no price";
  const memory = `${candidate.memory.safeGiB.toFixed(1)} of ${memoryGiB.toFixed(1)}`;
  return `${candidate.size.padEnd(28)}${String(candidate.shape.microBatch).padStart(6)}${memory.padStart(16)}${hours.padStart(16)}${usd.padStart(18)}`;
}
