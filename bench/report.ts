import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { COMPOSED } from "../tests/support/composed-situations";
import { type Composed, digestOf } from "../tests/support/composed-preview";
import { fastest, type Measurement, type Timing } from "./measurement";
import { ROOT } from "./sandbox-project";

const BIG_BYTES = 20 * 2 ** 20;
const TIMES = 3;

/** How long the report of a preview takes and how much memory: of 200 runs, and of 20 MB. Compiled, as users run it. */
export function report(): readonly Measurement[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-bench-"));
  try {
    const main = built(folder);
    const runs = COMPOSED["200-runs"] ?? { steps: [] };
    const ofRuns = measured(main, folder, digestOf(runs));
    const big = measured(main, folder, digestOf(bigPreview(runs)));
    const note = `fastest of ${TIMES}, with the start of the program`;
    return [
      { name: "report of 200 runs", value: ofRuns.seconds, cpu: ofRuns.cpuSeconds, unit: "s", budget: 1, note },
      { name: "report of 20 MB", value: big.seconds, cpu: big.cpuSeconds, unit: "s", budget: 3, note },
      { name: "memory of that", value: big.megabytes, unit: "MB", budget: 300, note: "most that was resident" },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same steps under other names, until they are as many bytes. */
function bigPreview({ steps }: Composed): Composed {
  const times = Math.ceil(BIG_BYTES / digestOf({ steps }).length);
  return { steps: Array.from({ length: times }, (_, index) => steps.map((step) => ({ ...step, urn: `${step.urn}-${index}` }))).flat() };
}

function built(folder: string): string {
  const out = path.join(folder, "dist");
  const { status, stdout } = spawnSync("node", [require.resolve("typescript/bin/tsc"), "-p", path.join(ROOT, "tsconfig.build.json"), "--outDir", out], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the program does not compile:\n${stdout}`);
  return path.join(out, "cli", "main.js");
}

function measured(main: string, folder: string, printed: string): Timing & { readonly megabytes: number } {
  const file = path.join(folder, "preview.json");
  writeFileSync(file, printed);
  const timings = Array.from({ length: TIMES }, () => once(main, file));
  return { ...fastest(timings), megabytes: Math.min(...timings.map(({ megabytes }) => megabytes)) };
}

/** The program tells at its end what it used; nothing else of the system need be asked. */
const TELL = 'process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); console.error(JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 })); });';

function once(main: string, file: string): Timing & { readonly megabytes: number } {
  const before = performance.now();
  const { status, stderr } = spawnSync("node", ["--import", `data:text/javascript,${encodeURIComponent(TELL)}`, main, "report", file, "--format", "github"], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_PATH: path.join(ROOT, "node_modules") },
  });
  const seconds = (performance.now() - before) / 1000;
  if (status !== 0) throw new Error(`the report failed:\n${stderr}`);
  return { seconds, ...(JSON.parse(stderr) as { readonly cpuSeconds: number; readonly megabytes: number }) };
}
