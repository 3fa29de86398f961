import { type BaseModelName, type GpuSize, GPU_SIZES, type Recipe, rightSize, type RightSize } from "../../components";
import { markdownTable } from "./markdown";

/**
 * What KAITO says of the models that it can tune: total GPU memory for tuning in GiB, never checked
 * (kaito-project/kaito presets/workspace/models/transformer_runtime_tuning_parameters.go @056b828), which its authors mark as rough.
 */
const KAITO_FIGURES = {
  "phi-4": 70,
  "Phi-4-mini-instruct": 72,
  "Phi-3-mini-4k-instruct": 72,
  "Phi-3-mini-128k-instruct": 72,
  "Phi-3.5-mini-instruct": 72,
  "Phi-3-medium-4k-instruct": 80,
  "Phi-3-medium-128k-instruct": 80,
  "Qwen2.5-Coder-7B-Instruct": 24,
  "Qwen2.5-Coder-32B-Instruct": 140,
} as const satisfies Partial<Record<BaseModelName, number>>;
const FIGURES = Object.entries(KAITO_FIGURES) as readonly (readonly [keyof typeof KAITO_FIGURES, number])[];

/** Sizes that the figures read as, by the memory that KAITO's table gives all GPUs of a node, least first. */
const KAITO_SIZES: readonly (readonly [number, GpuSize])[] = [
  [24, "Standard_NV36ads_A10_v5"],
  [80, "Standard_NC24ads_A100_v4"],
  [160, "Standard_NC48ads_A100_v4"],
];

export const SEQUENCE_LENGTH = 1024;

/** Each model and method: what the library would run it on, with its trainer and with KAITO, and what KAITO's figure says. */
export function kaitoModelsTable(): string {
  const rows = FIGURES.flatMap(([model, figure]) =>
    (["lora", "qlora"] as const).map((method) => row({ model, method, sequenceLength: SEQUENCE_LENGTH }, model, figure)),
  );
  const heads = ["Model", "Method", "`TuningJob` on", "USD", "KAITO on", "USD", "KAITO's own figure", "USD", "Why ours"];
  return markdownTable(heads, rows);
}

function row(recipe: Recipe, model: BaseModelName, figure: number): string[] {
  const ours = rightSize(recipe, { location: "eastus", engine: "job" });
  const kaito = rightSize(recipe, { location: "eastus", engine: "kaito" });
  const [, advised = "Standard_NC24ads_A100_v4"] = KAITO_SIZES.find(([gib]) => gib >= figure) ?? [];
  const size = (each: RightSize) => bare(each.shape.size);
  return [
    model,
    recipe.method,
    size(ours),
    dollars(ours),
    size(kaito),
    dollars(kaito),
    `${figure} GiB: ${bare(advised)}`,
    advisedCost(recipe, advised),
    `${ours.memory.safeGiB.toFixed(0)} of ${GPU_SIZES[ours.shape.size].memoryGiB.toFixed(0)} GiB, ${ours.memory.parts.weights.toFixed(1)} of them weights`,
  ];
}

/** Cost of the same run on the size that KAITO's figure reads as; a size that does not hold it is said to. */
function advisedCost(recipe: Recipe, size: GpuSize): string {
  try {
    return dollars(rightSize(recipe, { location: "eastus", engine: "kaito", sizes: [size] }));
  } catch {
    return "too small";
  }
}

function dollars({ usd }: RightSize): string {
  return usd === undefined ? "?" : usd.expected.toFixed(2);
}

function bare(size: GpuSize): string {
  return size.replace("Standard_", "");
}
