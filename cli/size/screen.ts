import { GPU_SIZES, type GpuSizeFacts } from "../../components/plan/catalogue/gpu-sizes";
import type { RightSize } from "../../components/plan/sizing/right-size";
import type { Candidate, Refusal } from "../../components/plan/sizing/right-size/candidates";
import type { EstimatedRange } from "../../components/plan/sizing/speed/start-up";
import { aligned } from "../columns";
import { COLUMNS, wrapped } from "../wrap";

/** The answer for people: why, the memory by part, the candidates, and what else to know. */
export function screen(result: RightSize, licence: string | undefined): string {
  return [
    ...wrapped(result.reason, COLUMNS),
    "",
    ...memoryTable(result),
    "",
    ...candidateTable(result),
    "",
    ...refusedLines(result.refused),
    ...notes(result, licence).flatMap((note) => wrapped(note, COLUMNS)),
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
  const heads = ["Size", "GPUs", "rows", "layout", "GiB of GPU", "USD/h", "hours", "USD a run"];
  const rows = [chosen, ...result.candidates].map(cells);
  const why = result.candidates.flatMap(({ size, why: reason }) => wrapped(`  ${bare(size)}: ${reason}`, COLUMNS));
  return [...aligned([heads, ...rows], [0, 3]), "", ...(why.length > 0 ? ["Why not the next", ...why] : ["No other size fits"])];
}

function cells({ size, shape, memory, hours, usdPerHour, usd }: Candidate): readonly string[] {
  const { memoryGiB }: GpuSizeFacts = GPU_SIZES[size];
  const gpus = shape.nodes === 1 ? String(shape.gpusPerNode) : `${shape.nodes} × ${shape.gpusPerNode}`;
  const layout = [shape.sharding === "none" ? "" : shape.sharding, shape.checkpointing === "full" ? "checkpoints" : ""].filter(Boolean).join(", ");
  return [
    bare(size),
    gpus,
    String(shape.microBatch),
    layout === "" ? "plain" : layout,
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

function notes({ shape, quota, basis, startUpMinutes }: RightSize, licence: string | undefined): readonly string[] {
  const gpus = shape.nodes * shape.gpusPerNode;
  return [
    `Quota: ${quota.vcpus} vCPUs of ${quota.spot ? "the region's spot quota" : quota.family}`,
    `Start-up: ${startUpMinutes.low.toFixed(0)} to ${startUpMinutes.high.toFixed(0)} minutes for node, image and weights, paid and in the cost, not in the hours`,
    `Hours: ${basis}`,
    ...(gpus > 1 ? [`TuningJob's trainer uses one GPU: for a layout of ${gpus} another trainer is needed; --engine job shows what it can do`] : []),
    ...(licence === undefined ? [] : [`Licence: ${licence}`]),
  ];
}
