import { estimateServingMemory, servingCacheRoomGiB, type ServingEstimate } from "../../../components/plan/sizing/serving-memory";
import type { ServingQuantization, ServingSetup } from "../../../components/plan/sizing/serving/setup";
import { modelOf } from "../models";
import { countIn, gpusCovered, meaningIn, needed, wordIn } from "./cells";
import type { Configuration } from "./measured-file";
import { COMPONENTS, type Component, type CoveredPrediction, NotCovered } from "./prediction";

/** What the estimator says of a server. Throws NotCovered where it cannot express it. */
export function predictServing(row: Configuration): CoveredPrediction {
  const component = COMPONENTS.find((each) => each === row["metric"]);
  const setup = setupOf(row, component);
  const estimate = estimateServingMemory(setup);
  // The largest stage stands for each: stages differ by the vocabulary only.
  const gpus = gpusCovered(row);
  return {
    covered: true,
    allocatedGiB: gpus * estimate.allocatedGiB,
    reservedGiB: gpus * estimate.reservedGiB,
    driverGiB: gpus * estimate.expectedGiB,
    safeGiB: gpus * estimate.safeGiB,
    ...(component === undefined ? {} : { componentGiB: gpus * componentGiB(component, row, setup, estimate) }),
  };
}

function setupOf(row: Configuration, component: Component | undefined): ServingSetup {
  const offload = wordIn(row, "offload", ["none", "optimizer", "parameters", "activations"]) ?? "none";
  if (offload !== "none") throw new NotCovered(`serving with ${offload} on the host is not estimated`);
  const notes = notesOf(row);
  return {
    ...splitOf(row),
    model: modelOf(row),
    quantization: meaningIn(row, "quantization", QUANTIZATIONS),
    weightDtype: wordIn(row, "weight_dtype", ["bf16", "fp16", "fp32"]),
    autocast: row["weight_dtype"] === "fp32" && wordIn(row, "precision", ["pure-16bit", "mixed", "fp32"]) === "mixed",
    kvCacheDtype: cacheDtype(notes.get("kv_cache_dtype")),
    contextLength: contextOf(row, component, notes),
    // A prompt from which all of the context is generated is a few words.
    ...(row["note"]?.includes("number of generated tokens") ? { promptTokens: 1 } : {}),
    concurrency: countIn(row, "concurrency") ?? 1,
    engine: /vllm/i.test(row["trainer"] ?? "") ? "vllm" : "transformers",
    ...(notes.has("gpu_memory_utilization") ? { gpuMemoryUtilization: Number(notes.get("gpu_memory_utilization")) } : {}),
  };
}

/** A component is logged when the engine starts, before there is a sequence; a peak belongs to a length. */
function contextOf(row: Configuration, component: Component | undefined, notes: ReadonlyMap<string, string>): number {
  const stated = countIn(row, "context_length") ?? countIn({ max_model_len: notes.get("max_model_len") }, "max_model_len");
  return component === undefined ? needed("context_length", stated) : (stated ?? 2048);
}

function splitOf(row: Configuration): Pick<ServingSetup, "tensorParallel" | "pipelineParallel"> {
  const gpus = countIn(row, "gpus") ?? 1;
  const sharding = wordIn(row, "sharding", ["none", "ddp", "tensor-parallel", "layer-split", "pipeline"]);
  return {
    tensorParallel: sharding === "tensor-parallel" ? gpus : 1,
    pipelineParallel: sharding === "layer-split" || sharding === "pipeline" ? gpus : 1,
  };
}

function componentGiB(component: Component, row: Configuration, setup: ServingSetup, { parts }: ServingEstimate): number {
  switch (component) {
    case "weights":
      return parts.weights;
    case "activation":
      return parts.activations;
    case "non-torch":
      return parts.runtime;
    case "kv-available": {
      const visible = Number(notesOf(row).get("gpu_visible_gib"));
      if (!(visible > 0)) throw new NotCovered("the note has no gpu_visible_gib");
      return servingCacheRoomGiB(setup, visible);
    }
  }
}

/** The cache has the type of the weights unless it is said to be smaller. */
function cacheDtype(name: string | undefined): "auto" | "fp8" | "int8" {
  return name === "fp8" || name === "int8" ? name : "auto";
}

/** The `key=value` parts of a note. */
function notesOf(row: Configuration): ReadonlyMap<string, string> {
  return new Map([...(row["note"] ?? "").matchAll(/(\w+)=([^\s;:,]+)/g)].map(([, key = "", value = ""]) => [key, value]));
}

const QUANTIZATIONS: Readonly<Record<string, ServingQuantization>> = {
  none: "none",
  nf4: "nf4",
  "nf4-dq": "nf4-dq",
  int8: "int8",
  gptq4: "gptq",
  // Those of GPTQ and AWQ, which lie between the two of NF4.
  "4bit-unknown": "gptq",
  fp8: "fp8",
  mxfp4: "mxfp4",
};
