import { GPU_SIZES, type GpuSizeFacts } from "../../components/plan/catalogue/gpu-sizes";
import type { ResolvedRecipe } from "../../components/plan/recipe";
import type { RightSize } from "../../components/plan/sizing/right-size";
import type { Candidate, Refusal } from "../../components/plan/right-size/candidates";
import type { EstimatedRange } from "../../components/plan/speed/start-up";
import { aligned } from "../columns";
import { COLUMNS, wrapped } from "../wrap";

/** The answer for people: why, the memory by part, the candidates, and what else to know. */
export function screen(recipe: ResolvedRecipe, result: RightSize, licence: string | undefined): string {
  return [
    ...wrapped(result.reason, COLUMNS),
    "",
    ...memoryTable(result),
    "",
    ...candidateTable(result),
    "",
    ...refusedLines(result.refused),
    "",
    ...notes(recipe, result, licence).flatMap((note) => wrapped(note, COLUMNS)),
    "",
  ].join("\n");
}

const PEAKS = { loss: "at the loss", backward: "in the backward pass of a block", step: "in the optimizer's step" } as const;
const BAR = 40;

/** What each part takes, drawn to scale. */
function memoryTable({ memory }: RightSize): readonly string[] {
  const most = Math.max(...Object.values<number>({ ...memory.parts }));
  const parts = Object.entries<number>({ ...memory.parts }).map(([part, gib]) => [`  ${part}`, gib.toFixed(2), "█".repeat(Math.round((BAR * gib) / most))]);
  const sums = [
    ["  expected", memory.expectedGiB.toFixed(2), "what torch allocates"],
    ["  driver", memory.driverGiB.toFixed(2), "what nvidia-smi shows: all of the above"],
    ["  safe", memory.safeGiB.toFixed(2), "what a GPU must have: a fifth more"],
  ];
  return [`Memory of one GPU in GiB, at its peak ${PEAKS[memory.peak]}`, ...aligned([...parts, ...sums], [0, 2])];
}

function candidateTable(result: RightSize): readonly string[] {
  const chosen: Candidate = { ...result, size: result.shape.size, why: "" };
  const heads = ["Size", "GPUs", "batch", "layout", "GiB safe / has", "minutes up", "hours", "USD a run", ""];
  const rows = [chosen, ...result.candidates].map((candidate) => cells(candidate));
  const why = result.candidates.flatMap(({ size, why: reason }) => wrapped(`  ${size}: ${reason}`, COLUMNS));
  return [...aligned([heads, ...rows], [0, 3]), "", "Why not the next", ...(why.length > 0 ? why : ["  no other size fits"])];
}

function cells({ size, shape, memory, hours, startUpMinutes, usd }: Candidate): readonly string[] {
  const { memoryGiB }: GpuSizeFacts = GPU_SIZES[size];
  const gpus = shape.nodes === 1 ? String(shape.gpusPerNode) : `${shape.nodes} × ${shape.gpusPerNode}`;
  const layout = [shape.sharding === "none" ? "" : shape.sharding, shape.checkpointing === "full" ? "checkpoints" : ""].filter(Boolean).join(", ");
  return [
    size.replace("Standard_", ""),
    gpus,
    String(shape.microBatch),
    layout === "" ? "plain" : layout,
    `${memory.safeGiB.toFixed(1)} / ${memoryGiB.toFixed(1)}`,
    startUpMinutes.expected.toFixed(0),
    range(hours),
    usd ? range(usd) : "no price",
  ];
}

/** The likely figure, and between what it is expected. */
function range({ low, expected, high }: EstimatedRange): string {
  const digits = expected < 100 ? 2 : 0;
  return `${expected.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** Sizes with one reason in one line. */
function refusedLines(refused: readonly Refusal[]): readonly string[] {
  const reasons = [...new Set(refused.map(({ why }) => why))];
  const lines = reasons.map((why) => `  ${refused.filter((each) => each.why === why).map(({ size }) => size.replace("Standard_", "")).join(", ")}: ${why}`);
  return lines.length === 0 ? [] : ["Sizes that do not fit", ...lines.flatMap((line) => wrapped(line, COLUMNS))];
}

function notes({ model }: ResolvedRecipe, { shape, quota, basis }: RightSize, licence: string | undefined): readonly string[] {
  const gpus = shape.nodes * shape.gpusPerNode;
  return [
    `Quota: ${quota.vcpus} vCPUs of ${quota.spot ? "the region's spot quota" : quota.family}`,
    `Hours ${basis}`,
    ...(gpus > 1 ? [`TuningJob's trainer uses one GPU: for a layout of ${gpus} another trainer is needed; --engine job shows what it can do`] : []),
    ...(licence === undefined ? [] : [`Licence of ${model.name}: ${licence}`]),
  ];
}
