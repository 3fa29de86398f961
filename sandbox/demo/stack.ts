import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { readJson, readText, writeIfChanged } from "../files";
import { type Home, PROJECT_ROOT } from "../home";
import { capture, type Finished } from "../run-command";

/** The stack that the sandbox brings up. */
export const STACK = "dev";

/** Values that only this machine knows: images by digest, and the dataset if another was asked for. */
export type SandboxValues = Readonly<Record<string, string>>;

/** Writes the stack's file: what the checkout says, with the sandbox's values in place. The salt of its secrets stays. */
export function writeStackFile(home: Home, values: SandboxValues): void {
  const document = parseDocument(readFileSync(path.join(PROJECT_ROOT, `Pulumi.${STACK}.yaml`), "utf8"));
  for (const [key, value] of Object.entries(values)) document.setIn(["config", `aks-fine-tuning:${key}`], value);
  const former = parseDocument(readText(home.stackFile) ?? "");
  const salt = former.get("encryptionsalt");
  if (typeof salt === "string") document.set("encryptionsalt", salt);
  writeIfChanged(home.stackFile, document.toString());
}

export type Environment = Readonly<Record<string, string>>;

/** Runs Pulumi on the sandbox's stack. */
export function pulumi(args: readonly string[], environment: Environment, onLine?: (line: string) => void): Promise<Finished> {
  return capture(["pulumi", ...args, "--non-interactive"], { environment, cwd: PROJECT_ROOT, onLine });
}

/** As `pulumi`, for commands whose failure ends the demo. */
async function pulumiOrThrow(args: readonly string[], environment: Environment): Promise<string> {
  const { code, stdout, stderr } = await pulumi(args, environment);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${stderr || stdout}`);
  return stdout;
}

/**
 * Makes the stack where it is not there yet, and selects it. It is made from a folder with nothing but the project file: `stack init`
 * writes a stack file beside it, which must not appear in the checkout.
 */
export async function ensureStack(home: Home, environment: Environment): Promise<void> {
  const selected = await pulumi(["stack", "select", STACK], environment);
  if (selected.code === 0) return;
  const scratch = path.join(home.dir, "project");
  mkdirSync(scratch, { recursive: true });
  mkdirSync(home.pulumi, { recursive: true });
  writeIfChanged(path.join(scratch, "Pulumi.yaml"), readFileSync(path.join(PROJECT_ROOT, "Pulumi.yaml"), "utf8"));
  await pulumiOrThrow(["stack", "init", STACK, "--no-select", "-C", scratch], environment);
  await pulumiOrThrow(["stack", "select", STACK], environment);
}

/** The stack's outputs; empty before the first `up`. */
export async function stackOutputs(environment: Environment): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await pulumiOrThrow(["stack", "output", "--json"], environment)) as Record<string, unknown>;
}

/** How many resources the last update made, changed, replaced, deleted and left alone. */
export async function lastChanges(environment: Environment): Promise<Readonly<Record<string, number>>> {
  const text = await pulumiOrThrow(["stack", "history", "--json", "--page-size", "1"], environment);
  const updates = JSON.parse(text) as readonly { readonly resourceChanges?: Record<string, number> }[];
  return updates[0]?.resourceChanges ?? {};
}

interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: { readonly metadata?: { readonly name?: string; readonly namespace?: string } };
  };
}

/**
 * Puts right what a killed `up` leaves: its lock, and operations that may or may not have happened. What Kubernetes made is
 * taken into the state by its name; what Azure made is found again by the next `up`, for a PUT of the same thing changes nothing.
 */
export async function recover(home: Home, environment: Environment): Promise<string | undefined> {
  const locks = clearLocks(home);
  const exported = JSON.parse(await pulumiOrThrow(["stack", "export"], environment)) as {
    readonly deployment?: { readonly pending_operations?: readonly PendingOperation[] };
  };
  const pending = exported.deployment?.pending_operations ?? [];
  if (pending.length === 0) return locks > 0 ? "an interrupted run's lock was removed" : undefined;
  const imports = (await Promise.all(pending.map((operation) => importOf(operation, environment)))).flat();
  const flags = imports.length > 0 ? ["--import-pending-creates", imports.join(",")] : [];
  await pulumiOrThrow(["refresh", "--yes", "--skip-preview", ...flags, "--clear-pending-creates"], environment);
  return `${pending.length} operations of an interrupted run were put right`;
}

/** The pairs of URN and id of an object that exists though its creation was never recorded. */
async function importOf({ type, resource }: PendingOperation, environment: Environment): Promise<string[]> {
  const { name, namespace } = resource.inputs?.metadata ?? {};
  if (type !== "creating" || !resource.type.startsWith("kubernetes:") || !name) return [];
  const kind = resource.type.split(":").at(-1) ?? "";
  const scope = namespace ? ["--namespace", namespace] : [];
  const found = await capture(["kubectl", "get", kind.toLowerCase(), name, ...scope], { environment });
  return found.code === 0 ? [resource.urn, namespace ? `${namespace}/${name}` : name] : [];
}

/** Removes the locks of updates whose process is gone: the file backend keeps one file each, with the process id inside. */
function clearLocks(home: Home): number {
  const folder = path.join(home.pulumi, ".pulumi", "locks");
  let removed = 0;
  for (const file of listFiles(folder)) {
    const lock = readJson<{ pid?: number }>(file);
    if (lock?.pid !== undefined && isRunning(lock.pid)) {
      throw new Error(`another update of this sandbox is running (process ${lock.pid}); wait for it, or stop it`);
    }
    rmSync(file, { force: true });
    removed++;
  }
  return removed;
}

function listFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  return (readText(`/proc/${pid}/cmdline`) ?? "").includes("pulumi");
}
