import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import * as path from "node:path";
import { install, pack } from "../tests/support/packed";
import { fastest, type Measurement, type Timing } from "./measurement";

const BUDGET_SECONDS = 2;
const SWEEPS = 5;

/**
 * A user's program: every model of the catalogue, by every method, at six lengths as far as the model reaches, with one to eight rows a step. A run that
 * nothing holds is refused with what would help, which is sized as well.
 */
const SCRIPT = `
const { BASE_MODELS, rightSize } = require("aks-fine-tuning");
const lengths = [512, 1024, 2048, 4096, 8192, 16384];
function sweep() {
  const counts = { answers: 0, refusals: 0 };
  for (const [model, { max_position_embeddings: longest }] of Object.entries(BASE_MODELS)) {
    for (const method of ["lora", "qlora", "dora", "full"]) {
      for (const sequenceLength of lengths.filter((length) => length <= longest)) {
        for (let globalBatch = 1; globalBatch <= 8; globalBatch++) {
          try {
            rightSize({ model, method, sequenceLength, globalBatch }, { location: "eastus" });
            counts.answers += 1;
          } catch (error) {
            if (!String(error.message).includes("AKSFT-SIZE-01")) throw error;
            counts.refusals += 1;
          }
        }
      }
    }
  }
  return counts;
}
const timings = [];
let counts;
for (let sweeps = 0; sweeps < ${SWEEPS}; sweeps++) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  counts = sweep();
  const { user, system } = process.cpuUsage(before);
  timings.push({ seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 });
}
console.log(JSON.stringify({ ...counts, timings }));
`;

interface Sweeps {
  readonly answers: number;
  readonly refusals: number;
  readonly timings: readonly Timing[];
}

/** How long it takes to size the whole catalogue, with the packed package as a user has it. */
export function sizing(): readonly Measurement[] {
  const tarball = pack();
  const folder = install(tarball);
  try {
    const { status, stdout, stderr } = spawnSync("node", ["-e", SCRIPT], { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const { answers, refusals, timings } = JSON.parse(stdout) as Sweeps;
    const { seconds, cpuSeconds } = fastest(timings);
    const note = `fastest of ${SWEEPS} sweeps over ${answers + refusals} runs, ${refusals} of which no size holds`;
    return [{ name: "sizing the catalogue", value: seconds, cpu: cpuSeconds, unit: "s", budget: BUDGET_SECONDS, note }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(path.dirname(tarball.file), { recursive: true, force: true });
  }
}
