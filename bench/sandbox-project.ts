import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse, parseDocument } from "yaml";
import { image, type TestSandbox } from "../tests/support/sandbox";
import type { Timing } from "./measurement";

export const ROOT = path.resolve(__dirname, "..");

/** Keys that must name an image by digest; a preview asks no registry, so any digest does. */
const IMAGE_KEYS = ["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"];

/** A Pulumi project that is previewed in the sandbox. */
export interface Project {
  readonly folder: string;
  readonly stack: string;
  /** Configuration that Pulumi reads instead of the one beside the project. */
  readonly configuration: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The configuration of a stack of this checkout, as a file in a home, each image that it leaves out filled in. */
export function stackConfiguration(home: string, stack: string): string {
  const source = path.join(ROOT, `Pulumi.${stack}.yaml`);
  if (!existsSync(source)) throw new Error(`Pulumi.${stack}.yaml does not exist: --stack names a stack of this checkout`);
  const document = parseDocument(readFileSync(source, "utf8"));
  for (const key of IMAGE_KEYS) {
    const place = ["config", `aks-fine-tuning:${key}`];
    if (document.getIn(place) === undefined) document.setIn(place, image(key.toLowerCase(), "a"));
  }
  const file = path.join(home, `Pulumi.${stack}.yaml`);
  writeFileSync(file, document.toString());
  return file;
}

/** Configuration keys as Pulumi.yaml declares them, defaults among them. */
export function declaredConfiguration(): Readonly<Record<string, { readonly default?: unknown }>> {
  const project = parse(readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8")) as { readonly config?: Readonly<Record<string, { readonly default?: unknown }>> };
  return project.config ?? {};
}

/** An empty configuration, for programs that ask for none. */
export function noConfiguration(sandbox: TestSandbox): string {
  const file = path.join(sandbox.home, "Pulumi.none.yaml");
  writeFileSync(file, "config: {}\n");
  return file;
}

/** A folder in the sandbox's home for a program without types, with what this checkout's programs find beside them. */
export function projectFolder(sandbox: TestSandbox, name: string, main: string, config: object = {}): string {
  const folder = path.join(sandbox.home, name);
  mkdirSync(folder, { recursive: true });
  for (const each of ["node_modules", "examples", "images"]) symlinkSync(path.join(ROOT, each), path.join(folder, each));
  // JavaScript as a package ships it: no compiler is loaded, on either side of a comparison.
  const settings = { name: "aks-fine-tuning", main, runtime: { name: "nodejs", options: { typescript: false } }, config };
  writeFileSync(path.join(folder, "Pulumi.yaml"), JSON.stringify(settings));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, private: true }));
  return folder;
}

/** Makes the project's stack. `stack init` writes a file beside the project's, so it runs in a folder that has nothing else. */
export function createStack(sandbox: TestSandbox, { folder, stack, configuration }: Project): void {
  const scratch = path.join(sandbox.home, "scratch", stack);
  mkdirSync(scratch, { recursive: true });
  copyFileSync(path.join(folder, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
  pulumi(sandbox, { folder: scratch, stack, configuration }, ["stack", "init", stack, "--no-select"]);
}

/** One preview, from the command to its end, as a user waits for it; computing is counted for Pulumi and all that it starts. */
export function preview(sandbox: TestSandbox, project: Project): Timing {
  const before = performance.now();
  const { stderr } = run(sandbox, project, ["bash", "-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash", ...command(project, ["preview", "--stack", project.stack])]);
  const seconds = (performance.now() - before) / 1000;
  const [user = NaN, system = NaN] = (stderr.trimEnd().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { seconds, cpuSeconds: user + system };
}

/** A preview as programs read it. */
export function printedPreview(sandbox: TestSandbox, project: Project): string {
  return pulumi(sandbox, project, ["preview", "--stack", project.stack, "--json"]);
}

/** What `preview` plans to create. */
export function plannedResources(sandbox: TestSandbox, project: Project): number {
  const { steps } = JSON.parse(printedPreview(sandbox, project)) as { readonly steps: readonly { readonly op: string }[] };
  return steps.filter(({ op }) => op === "create").length;
}

function pulumi(sandbox: TestSandbox, project: Project, args: readonly string[]): string {
  return run(sandbox, project, command(project, args)).stdout;
}

function command({ folder }: Project, args: readonly string[]): readonly string[] {
  return ["pulumi", ...args, "--non-interactive", "-C", folder];
}

function run(sandbox: TestSandbox, { configuration, environment }: Project, [program = "", ...args]: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, args, {
    // Numbers with a point, whatever the machine's language.
    env: { ...sandbox.environment, LC_ALL: "C", PULUMI_OPTION_CONFIG_FILE: configuration, ...environment },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return { stdout, stderr };
}
