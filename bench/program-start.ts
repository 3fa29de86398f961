import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import * as path from "node:path";
import { install, pack } from "../tests/support/packed";
import { fastest, type Measurement, median, type Timing } from "./measurement";

const RUNS = 7;
/** Prints time from the start of the process to the end of the import, the most memory that was resident, in KiB, and how many files it took. */
const SCRIPT = `
require(process.argv[1]);
const { userCPUTime, systemCPUTime, maxRSS: kibibytes } = process.resourceUsage();
const files = Object.keys(require.cache).length;
console.log(JSON.stringify({ seconds: performance.now() / 1e3, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, kibibytes, files }));
`;

interface Start extends Timing {
  readonly kibibytes: number;
  readonly files: number;
}

/** Time and memory of a program that only imports the packed package, as a user has it, beside those of Pulumi's SDK, which it cannot do without. */
export function programStart(): readonly Measurement[] {
  const tarball = pack();
  const folder = install(tarball);
  try {
    const [ours, pulumi] = [starts(folder, "aks-fine-tuning"), starts(folder, "@pulumi/pulumi")];
    const note = `of ${RUNS} starts of a process that imports the package, installed from its tarball: fastest, and middle of the memory; ${ours[0]?.files ?? 0} files`;
    const part = `of that, @pulumi/pulumi alone; ${pulumi[0]?.files ?? 0} files`;
    return [
      { name: "program start", ...least(ours), budget: 0.6, note },
      { name: "Pulumi's start", ...least(pulumi), note: part },
      { name: "memory after start", value: megabytes(ours), unit: "MB", budget: 150, note },
      { name: "Pulumi's memory", value: megabytes(pulumi), unit: "MB", note: part },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(path.dirname(tarball.file), { recursive: true, force: true });
  }
}

function least(timings: readonly Timing[]): Pick<Measurement, "value" | "cpu"> & { readonly unit: "s" } {
  const { seconds, cpuSeconds } = fastest(timings);
  return { value: seconds, cpu: cpuSeconds, unit: "s" };
}

function megabytes(all: readonly Start[]): number {
  return median(all.map(({ kibibytes }) => (kibibytes * 1024) / 1e6));
}

function starts(folder: string, name: string): readonly Start[] {
  // The first one reads every file from the disk; a preview is rarely the first.
  start(folder, name);
  return Array.from({ length: RUNS }, () => start(folder, name));
}

function start(folder: string, name: string): Start {
  const { status, stdout, stderr } = spawnSync("node", ["-e", SCRIPT, name], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Start;
}
