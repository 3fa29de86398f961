import type { TuningGpu } from "../../../components/plan/sizing/speed/gpu";
import type { TuningTimeSetup } from "../../../components/plan/sizing/speed/setup";
import { estimateTuningTime, type TuningTimeEstimate } from "../../../components/plan/sizing/tuning-time";
import type { CsvRow } from "../csv-file";
import { BENCHMARK_GPUS, BENCHMARK_LINKS } from "./gpus";
import { benchmarkModel } from "./models";

/** A published run that can be predicted, and the speed that its source prints. */
export interface ThroughputRun {
  readonly id: string;
  /** First word of the source: a repository or a site. */
  readonly source: string;
  /** Whether the estimator's constants were set with it, or it only checks them. */
  readonly use: "calibration" | "check";
  readonly setup: TuningTimeSetup;
  /** Tokens per second of all GPUs together. */
  readonly measured: number;
}

/** A row that cannot be predicted, and why. */
export interface Uncovered {
  readonly id: string;
  readonly source: string;
  readonly why: string;
}

/** Rows with the columns of `throughput.csv`: those to predict and those that cannot be. Rows with another use are left out. */
export function throughputRuns(rows: readonly CsvRow[]): { readonly runs: readonly ThroughputRun[]; readonly uncovered: readonly Uncovered[] } {
  const read = rows.filter(({ use = "" }) => use === "calibration" || use === "check" || use === "").map(runOf);
  return { runs: read.filter((row) => "setup" in row), uncovered: read.filter((row) => "why" in row) };
}

function runOf(row: CsvRow): ThroughputRun | Uncovered {
  const [id = "", source = ""] = [row.id, row.source?.split(" ")[0]];
  const setup = setupOf(row);
  const measured = Number(row.tokens_per_s_total);
  if (typeof setup === "string") return { id, source, why: setup };
  if (!(measured > 0)) return { id, source, why: "no tokens per second" };
  return { id, source, use: row.use === "calibration" ? "calibration" : "check", setup, measured };
}

/** What a row says of its run, never what it measured; or why it cannot be predicted. */
export function setupOf(row: CsvRow): TuningTimeSetup | string {
  const [gpu, model, method] = [cardOf(row.gpu ?? ""), benchmarkModel(row.model ?? ""), METHODS.find((each) => each === row.method)];
  if (!gpu) return `card ${row.gpu ?? ""} is not known`;
  if (!model) return `model ${row.model ?? ""} is not known`;
  if (!method) return `method ${row.method ?? ""} is none of ${METHODS.join(", ")}`;
  const [sequenceLength, microBatch, gpus] = [Number(row.seq_len), Number(row.micro_batch), Number(row.gpus)];
  const counts = [sequenceLength, microBatch, gpus];
  if (!counts.every((count) => Number.isInteger(count) && count > 0)) return "length, batch or number of GPUs is no whole number above 0";
  const nodes = Math.ceil(gpus / 8);
  return {
    ...{ model, method, sequenceLength, microBatch, gpu, nodes, gpusPerNode: gpus / nodes, tokens: 1e6 },
    accumulation: Number(row.accumulation) || 1,
    checkpointing: row.grad_ckpt === "yes" ? "full" : "none",
    sharding: SHARDING.find((each) => each === row.sharding) ?? (gpus === 1 ? "none" : "fsdp"),
    offload: OFFLOAD.find((each) => each === row.offload) ?? "none",
    interconnect: BENCHMARK_LINKS[row.link ?? ""] ?? { insideGBps: 13, betweenGBps: 2, hostGBps: 25 },
    packing: row.notes?.includes("padded") !== true,
  };
}

function cardOf(name: string): TuningGpu | undefined {
  return Object.hasOwn(BENCHMARK_GPUS, name) ? BENCHMARK_GPUS[name] : undefined;
}

const METHODS = ["lora", "qlora", "dora", "full"] as const;
const SHARDING = ["none", "ddp", "zero2", "zero3", "fsdp"] as const;
const OFFLOAD = ["none", "optimizer", "parameters", "activations"] as const;

/** A run beside its estimate. */
export interface Judged extends ThroughputRun {
  readonly estimate: TuningTimeEstimate;
  /** How far the middle of the range is from what was measured, as a part of the latter; negative where too slow. */
  readonly error: number;
  readonly inside: boolean;
}

export function judged(run: ThroughputRun): Judged {
  const estimate = estimateTuningTime(run.setup);
  const { low, expected, high } = estimate.tokensPerSecond;
  return { ...run, estimate, error: expected / run.measured - 1, inside: low <= run.measured && run.measured <= high };
}
