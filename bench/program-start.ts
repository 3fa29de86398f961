import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import * as path from "node:path";
import { install, pack } from "../tests/support/packed";
import { type Measurement, median } from "./measurement";

const RUNS = 7;
/** Prints milliseconds from the start of the process to the end of the import, and the most memory that was resident, in KiB. */
const SCRIPT = `
const resolved = require.resolve("aks-fine-tuning");
require(resolved);
console.log(JSON.stringify({ milliseconds: performance.now(), kibibytes: process.resourceUsage().maxRSS }));
`;

interface Start {
  readonly milliseconds: number;
  readonly kibibytes: number;
}

/** Time and memory of a program that only imports the packed package, as a user has it. */
export function programStart(): readonly Measurement[] {
  const tarball = pack();
  const folder = install(tarball);
  try {
    // The first one reads every file from the disk; a preview is rarely the first.
    start(folder);
    const starts = Array.from({ length: RUNS }, () => start(folder));
    const note = `median of ${RUNS}, from the start of the process; the package is installed from its tarball`;
    return [
      { name: "program start", value: median(starts.map(({ milliseconds }) => milliseconds)) / 1000, unit: "s", budget: 0.6, note },
      { name: "memory after start", value: median(starts.map(({ kibibytes }) => (kibibytes * 1024) / 1e6)), unit: "MB", budget: 150, note },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(path.dirname(tarball.file), { recursive: true, force: true });
  }
}

function start(folder: string): Start {
  const { status, stdout, stderr } = spawnSync("node", ["-e", SCRIPT], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Start;
}
