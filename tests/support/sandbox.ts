import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";

const ROOT = path.resolve(__dirname, "..", "..");
const TSX = path.join(ROOT, "node_modules", ".bin", "tsx");

export interface Finished {
  readonly code: number;
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Variables beside the sandbox's own. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A sandbox of one test file, in a home of its own. */
export interface TestSandbox {
  readonly home: string;
  /** Environment of commands in it. */
  readonly environment: NodeJS.ProcessEnv;
  run(command: readonly string[], options?: CommandOptions): Finished;
  down(): void;
}

/** Starts a sandbox with the product's own command, so that a test sees what a user sees; `ports` are taken for daemons that a test names. */
export function startSandbox(nodes: "simulated" | "auto", ports: Readonly<Record<string, number>> = {}): TestSandbox {
  const home = mkdtempSync(path.join(os.tmpdir(), "aksft-"));
  writeFileSync(path.join(home, "ports.json"), JSON.stringify(ports));
  const flags = nodes === "simulated" ? ["--simulated"] : [];
  const script = "process.stdout.write(JSON.stringify(process.env))";
  const started = spawnSync(TSX, ["sandbox/main.ts", "run", "--home", home, ...flags, "--", "node", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  });
  if (started.status !== 0) throw new Error(`the sandbox did not start: ${started.stdout}`);
  const environment = JSON.parse(started.stdout) as NodeJS.ProcessEnv;
  return {
    home,
    environment,
    run: ([program = "", ...args], { cwd = ROOT, input, variables } = {}) => {
      const env = { ...environment, ...variables };
      const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8", input, maxBuffer: 2 ** 26 });
      return { code: status ?? 1, output: `${stdout}${stderr}` };
    },
    down: () => {
      spawnSync(TSX, ["sandbox/main.ts", "reset", "--home", home], { cwd: ROOT, stdio: "ignore" });
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Stops whichever sandbox has the machine's real nodes, so that a test can have them. Its state stays; its next command starts it again.
 */
export function borrowRealNodes(): void {
  const [lock] = ["/run/aks-fine-tuning/real-nodes.lock"].filter((file) => existsSync(file));
  if (!lock) return;
  const { home } = JSON.parse(readFileSync(lock, "utf8")) as { readonly home: string };
  process.stderr.write(`the sandbox in ${home} is stopped for the tests; its state stays\n`);
  spawnSync(TSX, ["sandbox/main.ts", "down", "--home", home], { cwd: ROOT, stdio: "inherit" });
}

/** Runs a command in the sandbox of a home, or another verb of the sandbox on it. */
export function inSandbox(
  home: string,
  command: readonly string[],
  input?: string,
  verb: "run" | "demo" | "down" | "reset" = "run",
  flags: readonly string[] = [],
): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const args = ["sandbox/main.ts", verb, "--home", home, ...flags, ...(verb === "run" ? ["--", ...command] : [])];
  const { status, stdout, stderr } = spawnSync(TSX, args, { cwd: ROOT, encoding: "utf8", input, maxBuffer: 2 ** 26 });
  return { code: status ?? 1, stdout, stderr };
}

/** Starts a command of the product without waiting for it; its output goes to a file. */
export function background(args: readonly string[], log: string): { readonly ended: Promise<number> } {
  mkdirSync(path.dirname(log), { recursive: true });
  writeFileSync(log, "");
  const child = spawn("sh", ["-c", `exec "$@" >"${log}" 2>&1`, "sh", TSX, "sandbox/main.ts", ...args], { cwd: ROOT, stdio: "ignore" });
  return { ended: new Promise((resolve) => child.once("close", (code) => { resolve(code ?? 1); })) };
}

/** One stack of the product's own program, with a configuration that a test may edit. */
export interface TestStack {
  pulumi(...args: readonly string[]): Finished;
  /** What the engine holds: one entry a resource. */
  resources(): readonly StateResource[];
  /** Sets a key of the stack's configuration; undefined removes it. */
  set(key: string, value: unknown): void;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The dev stack, selected, as the demo has it. */
export function devStack(sandbox: TestSandbox): TestStack {
  const stack = stackIn(sandbox, "dev");
  const { code, output } = stack.pulumi("stack", "select", "dev");
  if (code !== 0) throw new Error(output);
  return stack;
}

/**
 * A stack of the checkout, `Pulumi.FILE.yaml`, under a name of its own where two of one file are wanted, with images that no registry holds:
 * what is declared is what users declare.
 */
export function stackIn(sandbox: TestSandbox, name: string, file = name): TestStack {
  const document = parseDocument(readFileSync(path.join(ROOT, `Pulumi.${file}.yaml`), "utf8"));
  const configuration = path.join(sandbox.home, `Pulumi.${name}.yaml`);
  const variables = { PULUMI_STACK: name, PULUMI_OPTION_CONFIG_FILE: configuration };
  const pulumi: TestStack["pulumi"] = (...args) => sandbox.run(["pulumi", ...args, "--non-interactive"], { variables });
  const set: TestStack["set"] = (key, value) => {
    if (value === undefined) document.deleteIn(["config", `aks-fine-tuning:${key}`]);
    else document.setIn(["config", `aks-fine-tuning:${key}`], value);
    writeFileSync(configuration, document.toString());
  };
  for (const key of ["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"]) {
    set(key, image(key.toLowerCase(), "a"));
  }
  initialise(sandbox, name, pulumi);
  const resources = (): readonly StateResource[] => {
    const state = JSON.parse(pulumi("stack", "export").output) as { readonly deployment: { readonly resources?: readonly StateResource[] } };
    return state.deployment.resources ?? [];
  };
  return { pulumi, resources, set };
}

/** `stack init` writes a file beside the project's, so it runs in a folder that has nothing else. */
function initialise(sandbox: TestSandbox, name: string, pulumi: TestStack["pulumi"]): void {
  const scratch = path.join(sandbox.home, "project");
  mkdirSync(scratch, { recursive: true });
  cpSync(path.join(ROOT, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
  const { code, output } = pulumi("stack", "init", name, "--no-select", "-C", scratch);
  if (code !== 0) throw new Error(output);
}

/** A reference by digest that no registry holds. */
export function image(name: string, digit: string): string {
  return `registry.example/${name}@sha256:${digit.repeat(64)}`;
}
