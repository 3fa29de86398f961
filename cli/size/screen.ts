import { GPU_SIZES, type GpuSizeFacts } from "../../components/plan/catalogue/gpu-sizes";
import { type Recipe, resolveRecipe } from "../../components/plan/recipe";
import type { RightSize } from "../../components/plan/sizing/right-size";
import type { Candidate, Refusal } from "../../components/plan/sizing/right-size/candidates";
import type { Constraints } from "../../components/plan/sizing/right-size/constraints";
import { DEFAULT_ROWS } from "../../components/plan/sizing/right-size/layouts";
import type { EstimatedRange } from "../../components/plan/sizing/speed/start-up";
import { aligned } from "../columns";
import { COLUMNS, wrapped } from "../wrap";

/** The answer for people: why, the memory by part, the candidates, and what else to know. */
export function screen(result: RightSize, recipe: Recipe, constraints: Constraints, licence: string | undefined): string {
  return [
    ...wrapped(result.reason, COLUMNS),
    "",
    ...memoryTable(result),
    "",
    ...candidateTable(result),
    "",
    ...refusedLines(result.refused),
    ...notes(result, recipe, constraints, licence).flatMap(noted),
    "",
  ].join("\n");
}

const PEAKS = { loss: "at the loss", backward: "in the backward pass of a block", step: "in the optimizer's step" } as const;
const BAR = 40;

/** What each part takes, drawn to scale. */
function memoryTable({ memory }: RightSize): readonly string[] {
  const most = Math.max(...Object.values<number>({ ...memory.parts }));
  const parts = Object.entries<number>({ ...memory.parts })
    .filter(([, gib]) => gib > 0)
    .map(([part, gib]) => [`  ${part}`, gib.toFixed(2), "█".repeat(Math.round((BAR * gib) / most))]);
  const sums = [
    ["  expected", memory.expectedGiB.toFixed(2), "what torch allocates: all but runtime and slack"],
    ["  driver", memory.driverGiB.toFixed(2), "what nvidia-smi shows: all of the above"],
    ["  safe", memory.safeGiB.toFixed(2), "what a GPU must have: a fifth more"],
  ];
  return [`Memory of one GPU in GiB, at its peak ${PEAKS[memory.peak]}`, ...aligned([...parts, ...sums], [0, 2])];
}

function candidateTable(result: RightSize): readonly string[] {
  const chosen: Candidate = { ...result, size: result.shape.size, why: "chosen" };
  const heads = ["Size", "GPUs", "batch", "checkpoints", "GiB of GPU", "USD/h", "hours", "USD a run"];
  const rows = [chosen, ...result.candidates].map(cells);
  const why = aligned(result.candidates.map(({ size, why: reason }) => [`  ${bare(size)}`, reason]), [0, 1]);
  return [...aligned([heads, ...rows], [0, 1]), "", ...(why.length > 0 ? ["Why not the next", ...why] : ["No other size fits"])];
}

function cells({ size, shape, memory, hours, usdPerHour, usd }: Candidate): readonly string[] {
  const { memoryGiB }: GpuSizeFacts = GPU_SIZES[size];
  const gpus = shape.nodes === 1 ? String(shape.gpusPerNode) : `${shape.nodes}×${shape.gpusPerNode}`;
  return [
    bare(size),
    gpus + { none: "", ddp: " copies", fsdp: " shards" }[shape.sharding],
    String(shape.microBatch),
    shape.checkpointing === "full" ? "yes" : "no",
    `${memory.safeGiB.toFixed(1)} of ${memoryGiB.toFixed(1)}`,
    usdPerHour === undefined ? "unknown" : usdPerHour.toFixed(2),
    ends(hours),
    usd ? `${digits(usd.expected)} (${ends(usd)})` : "unknown",
  ];
}

/** Sizes share their first word. */
function bare(size: string): string {
  return size.replace("Standard_", "");
}

function ends({ low, high }: EstimatedRange): string {
  return `${digits(low)}–${digits(high)}`;
}

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** Sizes that lack memory by what they would need, the others by their reason. */
function refusedLines(refused: readonly Refusal[]): readonly string[] {
  const lacking = ({ size, availableGiB }: Refusal) => (availableGiB === undefined ? bare(size) : `${bare(size)} (${availableGiB.toFixed(1)})`);
  const reason = ({ why, neededGiB }: Refusal) => (neededGiB === undefined ? why : `a GPU must have ${neededGiB.toFixed(1)} GiB at least`);
  const reasons = [...new Set(refused.map(reason))];
  const lines = reasons.map((each) => `  ${each}: ${refused.filter((refusal) => reason(refusal) === each).map(lacking).join(", ")}`);
  return lines.length === 0 ? [] : ["Sizes that were passed over", ...lines.flatMap(hanging), ""];
}

/** A line that goes on further to the right. */
function hanging(line: string): readonly string[] {
  const [first = "", ...more] = wrapped(line.trim(), COLUMNS - 6);
  return [`  ${first}`, ...more.map((each) => `      ${each}`)];
}

/** A line that starts with what it is about goes on beneath its text. */
function noted([about, text]: readonly [string, string]): readonly string[] {
  const [first = "", ...more] = wrapped(text, COLUMNS - ABOUT);
  return [`${about.padEnd(ABOUT)}${first}`, ...more.map((each) => `${" ".repeat(ABOUT)}${each}`)];
}

const ABOUT = 11;

function notes(result: RightSize, recipe: Recipe, constraints: Constraints, licence: string | undefined): readonly (readonly [string, string])[] {
  const { shape, quota, basis, startUpMinutes } = result;
  const gpus = shape.nodes * shape.gpusPerNode;
  const minutes = `${startUpMinutes.low.toFixed(0)} to ${startUpMinutes.high.toFixed(0)} minutes`;
  const notice: [string, string][] = licence === undefined ? [] : [["Licence", licence]];
  const trainer: [string, string][] =
    gpus === 1 ? [] : [["Trainer", `that of TuningJob uses one GPU: a layout of ${gpus} needs another; --engine job shows what it can do`]];
  return [
    ["Run", dataOf(recipe, constraints)],
    ["Start-up", `${minutes} for node, image and weights; paid and in the cost, not in the hours`],
    ["Hours", basis],
    ["Quota", `${quota.vcpus} vCPUs of ${quota.spot ? "the region's spot quota" : quota.family}`],
    ...trainer,
    ...notice,
  ];
}

/** What hours and cost are of. */
function dataOf(recipe: Recipe, { rows, tokensPerRow }: Constraints): string {
  const { sequenceLength, epochs, globalBatch } = resolveRecipe(recipe);
  const given = rows === undefined ? `${DEFAULT_ROWS} rows (--rows N for yours)` : `${rows} rows`;
  const length = tokensPerRow === undefined ? `${sequenceLength} tokens each` : `${tokensPerRow} tokens each on average`;
  return `${given}, ${length}, ${epochs} ${epochs === 1 ? "time" : "times"}, ${globalBatch} rows a step`;
}
