import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { estimateServingMemory, type ModelDimensions, servingCacheRoomGiB, type ServingEstimate, type ServingQuantization, type ServingSetup } from "../../components";

/** A row of measurements, by column. */
export type Row = Readonly<Record<string, string>>;

/**
 * What the estimate says of a row, in GiB: of one GPU, or of all together where the row's scope is sum-of-gpus, so that it compares with the measured
 * value as it stands. `componentGiB` is there where the row's metric is a component that an engine logs.
 */
export type ServingPrediction =
  | { readonly covered: true; readonly allocatedGiB: number; readonly reservedGiB: number; readonly driverGiB: number; readonly safeGiB: number; readonly componentGiB?: number }
  | { readonly covered: false; readonly why: string };

/** Predicts a serving row from its configuration alone; dimensions come from the row itself or from `models.csv`. */
export function predictServing(row: Row): ServingPrediction {
  return predictServingWith(row, () => listedDimensions(row["model"] ?? ""));
}

/** The same with another source of dimensions. */
export function predictServingWith(row: Row, dimensions: () => ModelDimensions | undefined): ServingPrediction {
  const model = row["hf_config_json"] ? ownDimensions(row) : dimensions();
  if (!model) return { covered: false, why: `the dimensions of ${row["model"] ?? "the model"} are not known` };
  const quantization = QUANTIZATIONS[row["quantization"] ?? ""];
  if (!quantization) return { covered: false, why: `no estimate for quantization ${row["quantization"] ?? ""}` };
  const offload = row["offload"] ?? "";
  if (offload !== "" && offload !== "none") return { covered: false, why: `no estimate for weights on the host (${offload})` };
  if (row["metric"] === "unknown" && !row["context_length"]) return { covered: false, why: "the context length is not stated" };
  const setup = setupOf(row, model, quantization);
  const estimate = estimateServingMemory(setup);
  // The largest stage stands for each: stages differ by the vocabulary only.
  const gpus = row["scope"] === "sum-of-gpus" ? Number(row["gpus"]) : 1;
  return {
    covered: true,
    allocatedGiB: gpus * estimate.allocatedGiB,
    reservedGiB: gpus * estimate.reservedGiB,
    driverGiB: gpus * estimate.expectedGiB,
    safeGiB: gpus * estimate.safeGiB,
    ...component(row, setup, estimate, gpus),
  };
}

/** Where only "4 bits" is known, those of GPTQ and AWQ, which lie between the two of NF4. */
const QUANTIZATIONS: Readonly<Record<string, ServingQuantization | undefined>> = {
  none: "none",
  nf4: "nf4",
  "nf4-dq": "nf4-dq",
  int8: "int8",
  gptq4: "gptq",
  "4bit-unknown": "gptq",
  fp8: "fp8",
  mxfp4: "mxfp4",
};

function setupOf(row: Row, model: ModelDimensions, quantization: ServingQuantization): ServingSetup {
  const notes = notesOf(row);
  const gpus = Number(row["gpus"] || "1");
  const split = row["sharding"] ?? "none";
  const untied = notes.get("untied_head") === "yes" ? { tie_word_embeddings: false } : {};
  const generated = (row["note"] ?? "").includes("number of generated tokens");
  return {
    model: { ...model, ...untied },
    quantization,
    // Lightning Fabric's BitsandbytesPrecision, which litgpt uses, replaces every torch.nn.Linear, the head among them.
    quantizesHead: row["trainer"] === "litgpt",
    weightDtype: dtype(row["weight_dtype"]),
    autocast: row["weight_dtype"] === "fp32" && row["precision"] === "mixed",
    kvCacheDtype: cacheDtype(notes.get("kv_cache_dtype")),
    contextLength: Number(row["context_length"] || notes.get("max_model_len") || "2048"),
    // Such a prompt is a few words.
    ...(generated ? { promptTokens: 1 } : {}),
    concurrency: Number(row["concurrency"] || "1"),
    tensorParallel: split === "tensor-parallel" ? gpus : 1,
    pipelineParallel: split === "layer-split" || split === "pipeline" ? gpus : 1,
    engine: row["trainer"] === "vllm" ? "vllm" : "transformers",
    gpuMemoryUtilization: Number(notes.get("gpu_memory_utilization") ?? "0.92"),
  };
}

function dtype(name: string | undefined): "bf16" | "fp16" | "fp32" {
  return name === "fp32" || name === "fp16" ? name : "bf16";
}

function cacheDtype(name: string | undefined): "auto" | "fp8" | "int8" {
  return name === "fp8" || name === "int8" ? name : "auto";
}

function component(row: Row, setup: ServingSetup, { parts }: ServingEstimate, gpus: number): { componentGiB?: number } {
  const visible = notesOf(row).get("gpu_visible_gib");
  switch (row["metric"]) {
    case "weights":
      return { componentGiB: gpus * parts.weights };
    case "activation":
      return { componentGiB: gpus * parts.activations };
    case "non-torch":
      return { componentGiB: gpus * parts.runtime };
    case "kv-available":
      return visible === undefined ? {} : { componentGiB: gpus * servingCacheRoomGiB(setup, Number(visible)) };
    default:
      return {};
  }
}

/** The `key=value` parts of a note. */
function notesOf(row: Row): ReadonlyMap<string, string> {
  return new Map([...(row["note"] ?? "").matchAll(/(\w+)=([^\s;:,]+)/g)].map(([, key = "", value = ""]) => [key, value]));
}

function ownDimensions(row: Row): ModelDimensions | undefined {
  const given: unknown = JSON.parse(row["hf_config_json"] ?? "{}");
  if (typeof given !== "object" || given === null) return undefined;
  const columns = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
  return dimensionsFrom({ ...columns, model: row["model"] ?? "" });
}

/** Dimensions from the columns of `models.csv`. */
export function dimensionsFrom(columns: Row): ModelDimensions | undefined {
  const number = (key: string): number | undefined => (columns[key] === undefined || columns[key] === "" ? undefined : Number(columns[key]));
  const [layers, hidden, heads, vocabulary] = [number("layers"), number("hidden"), number("heads"), number("vocab")];
  const intermediate = number("intermediate") ?? number("moe_intermediate");
  if (layers === undefined || hidden === undefined || heads === undefined || vocabulary === undefined || intermediate === undefined) return undefined;
  return {
    name: columns["model"] ?? "",
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_attention_heads: heads,
    num_key_value_heads: number("kv_heads") ?? heads,
    head_dim: number("head_dim"),
    vocab_size: vocabulary,
    tie_word_embeddings: columns["tied_embeddings"] === "yes" || columns["tied_embeddings"] === "true",
    max_position_embeddings: number("max_context") ?? 2048,
    gated_mlp: number("mlp_matrices") !== 2,
    num_experts: number("experts"),
    num_experts_per_tok: number("experts_per_token"),
    moe_intermediate_size: number("moe_intermediate"),
    ...windowOf(columns["sliding_window"] ?? "", layers),
  };
}

/** "4096", "4096 on alternate layers" or "1024 on 5 of 6 layers". */
function windowOf(text: string, layers: number): Pick<ModelDimensions, "sliding_window" | "sliding_window_layers"> {
  const [, window, part, whole] = /^(\d+)(?: on (?:alternate|(\d+) of (\d+)) layers)?/.exec(text) ?? [];
  if (window === undefined) return {};
  if (!text.includes(" on ")) return { sliding_window: Number(window) };
  const local = part === undefined ? layers / 2 : (layers * Number(part)) / Number(whole);
  return { sliding_window: Number(window), sliding_window_layers: Math.round(local) };
}

const MODELS = process.env["SIZING_MODELS_CSV"] ?? join(__dirname, "..", "..", "data", "models.csv");

function listedDimensions(name: string): ModelDimensions | undefined {
  if (!existsSync(MODELS)) return undefined;
  const [header = [], ...rows] = readFileSync(MODELS, "utf8").trim().split("\n").map(cellsOf);
  const found = rows.find(([model]) => model === name);
  return found && dimensionsFrom(Object.fromEntries(header.map((column, index) => [column, found[index] ?? ""])));
}

/** Cells of a line of comma-separated values, quoted ones among them. */
export function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}
