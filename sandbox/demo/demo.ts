import { existsSync } from "node:fs";
import * as path from "node:path";
import { type Sandbox, sandboxUp, type SandboxUpOptions } from "../cluster";
import { sandboxEnvironment } from "../environment";
import { type Home, PROJECT_ROOT } from "../home";
import type { Progress } from "../progress";
import { ensureSandboxImages, pushSandboxImages } from "../images";
import { capture } from "../run-command";
import { ensureTools } from "../toolchain";
import { askBoth, listModels, questionFrom } from "./completions";
import { followRun, isFinished, placements, readRecord, type Run } from "./follow";
import { type Environment, ensureStack, lastChanges, pulumi, stackOutputs, writeStackFile } from "../stacks";
import { clearPending, mendState } from "./recovery";
import { type DemoResult, summary } from "./summary";

export interface DemoOptions {
  readonly nodes: SandboxUpOptions["nodes"];
  /** JSONL file of chat rows. */
  readonly dataset?: string;
}

const SUPPORT_BOT = path.join("examples", "support-bot", "tickets.jsonl");

/** The main job, from a dataset to an answering endpoint. Returns the exit code. */
export async function demo(home: Home, progress: Progress, options: DemoOptions): Promise<number> {
  const file = options.dataset ? path.resolve(options.dataset) : path.join(PROJECT_ROOT, SUPPORT_BOT);
  if (!existsSync(file)) {
    process.stderr.write(`--dataset: no such file: ${file}\n`);
    return 2;
  }
  const started = Date.now();
  const sandbox = await sandboxUp(home, progress, { nodes: options.nodes });
  const environment = sandboxEnvironment(home);
  const values = await imageValues(progress, sandbox.publicRegistry);
  writeStackFile(home, { ...values, dataset: options.dataset ? file : SUPPORT_BOT });
  await mendState(home, progress);
  await ensureStack(home, environment);
  const recovered = await clearPending(environment);
  if (recovered) progress.note(recovered);

  const first = await up("pulumi up: everything that the dev stack declares", environment, progress);
  const run = await currentRun(environment);
  let second: Changes = {};
  if (sandbox.nodes === "real") {
    const finished = isFinished(await readRecord(run, environment), run.runId);
    if (!finished) {
      await progress.step(`the tuning run ${run.runId}`, (report) => followRun(run, environment, report));
      second = await up("pulumi up: the adapter is rolled out", environment, progress);
    }
  }
  const result = await collect(run, file, environment, { simulated: simulatedParts(sandbox), changes: [first, second], started });
  process.stdout.write(summary(result));
  return 0;
}

/** What is not the real thing here, in the words of the summary. */
function simulatedParts({ nodes, reason }: Sandbox): readonly string[] {
  const azure = "Azure: a stand-in behind the provider's protocol; nothing is billed";
  if (nodes === "real") return [azure, "GPUs: nodes report them, the training runs on the CPU", "GPU metrics and device plugin: idle stand-ins"];
  return [azure, `every pod, so nothing was trained and no endpoint answers: ${reason ?? ""}`];
}

type Changes = Readonly<Record<string, number>>;

/** One update, its resources as progress. */
async function up(title: string, environment: Environment, progress: Progress): Promise<Changes> {
  return progress.step(title, async (report) => {
    const lines: string[] = [];
    const { code, stdout } = await pulumi(["up", "--yes", "--skip-preview", "--color", "never"], environment, (line) => {
      lines.push(line);
      const resource = /^\s*[@+~-]+\s+(\S+)\s+(\S+)\s+(creat|updat|delet|replac)/.exec(line);
      if (resource) report(`${resource[3] ?? ""}ing ${resource[1] ?? ""} ${resource[2] ?? ""}`);
    });
    if (code !== 0) throw new Error(`pulumi up failed:\n${stdout || lines.join("\n")}`);
    return lastChanges(environment);
  });
}

/** The sandbox's own images, in the registry that stands in for public ones. */
async function imageValues(progress: Progress, registry: string): Promise<Readonly<Record<string, string>>> {
  const tools = await ensureTools(["crane", "pause"], progress);
  const images = await ensureSandboxImages(progress);
  const pushed = await pushSandboxImages(images, registry, tools.crane);
  const pause = await pushPause(tools, registry);
  return {
    weightsImage: pushed.baseModel,
    trainerImage: pushed.trainer,
    servingImage: pushed.serving,
    devicePluginImage: pause,
    metricsExporterImage: pause,
  };
}

/** What stands in for the images that drive real GPUs: a container that waits. */
async function pushPause(tools: { readonly crane: string; readonly pause: string }, registry: string): Promise<string> {
  const tag = `${registry}/sandbox/gpu-support-stand-in:1`;
  const { code, stdout, stderr } = await capture([tools.crane, "push", tools.pause, tag], { environment: {} });
  if (code !== 0) throw new Error(`crane push ${tag} failed:\n${stderr}`);
  return stdout.trim();
}

async function currentRun(environment: Environment): Promise<Run> {
  const outputs = await stackOutputs(environment);
  return { namespace: String(outputs["namespace"]), name: String(outputs["runName"]), runId: String(outputs["runId"]) };
}

interface Facts {
  readonly simulated: readonly string[];
  readonly changes: readonly Changes[];
  readonly started: number;
}

/** Everything the summary shows, read back from the stack, the cluster and the endpoint. */
async function collect(run: Run, dataset: string, environment: Environment, facts: Facts): Promise<DemoResult> {
  const outputs = await stackOutputs(environment);
  const record = await readRecord(run, environment);
  const endpoint = String(outputs["endpoint"]);
  const answering = record.adapterDigest !== undefined;
  const models = answering ? await listModels(endpoint) : [];
  const base = models.find((model) => model !== run.name) ?? "";
  return {
    ...facts,
    run,
    record,
    models,
    endpoint,
    datasetImage: String(outputs["datasetImage"]),
    adapterImage: answering ? String(outputs["adapterImage"]) : undefined,
    gpuSizeReason: String(outputs["gpuSizeReason"]),
    placements: await placements(run.namespace, environment),
    answers: answering ? await askBoth(endpoint, base, run.name, questionFrom(dataset)) : undefined,
  };
}
