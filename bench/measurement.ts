import * as os from "node:os";
import { aligned } from "../cli/columns";

/** One number with the most that it may be. A number without a budget is told, not judged. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "MB" | "×" | "writes" | "resources";
  readonly budget?: number;
  /** The same in processor time, user and system: where it stays and `value` grows, the machine was busy with something else. */
  readonly cpu?: number;
  /** How it came about: what was run, how often. */
  readonly note: string;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core in the last minute; well above the cores, times say more of the machine than of us. */
  readonly load: number;
}

export function machine(): Machine {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    load: Number((os.loadavg()[0] ?? 0).toFixed(1)),
  };
}

export function missed({ value, budget }: Measurement): boolean {
  return budget !== undefined && value > budget;
}

/** How long something took, and how much of that it computed, in seconds. */
export interface Timing {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** The least of each: whatever else the machine does only ever adds. */
export function fastest(timings: readonly Timing[]): Timing {
  return { seconds: Math.min(...timings.map(({ seconds }) => seconds)), cpuSeconds: Math.min(...timings.map(({ cpuSeconds }) => cpuSeconds)) };
}

/** The middle one; the mean of the middle two where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("no values");
  return (low + high) / 2;
}

export function table(measurements: readonly Measurement[], on: Machine): string {
  const rows = [["What", "Value", "CPU", "Budget", "Verdict"], ...measurements.map(cells)];
  const notes = [...new Set(measurements.map(({ note }) => note))].map((note) => `${measurements.filter((each) => each.note === note).map(({ name }) => name).join(", ")}: ${note}`);
  const { processor, cores, memoryGiB, system, node, load } = on;
  return [...aligned(rows, [0, 4]), "", ...notes, "", `On ${cores} × ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}; load ${load} before`, ""].join("\n");
}

function cells({ name, value, cpu, unit, budget, ...rest }: Measurement): string[] {
  return [name, shown(value, unit), cpu === undefined ? "" : shown(cpu, unit), budget === undefined ? "" : `≤ ${shown(budget, unit)}`, verdict({ name, value, unit, budget, ...rest })];
}

export function verdict(measurement: Measurement): string {
  if (measurement.budget === undefined) return "";
  return missed(measurement) ? "MISSED" : "met";
}

function shown(value: number, unit: Measurement["unit"]): string {
  return `${unit === "s" || unit === "×" ? value.toFixed(2) : Math.round(value)} ${unit}`;
}
