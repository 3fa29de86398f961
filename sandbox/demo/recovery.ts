import { copyFileSync, readdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { readJson, readText } from "../files";
import type { Home } from "../home";
import type { Progress } from "../progress";
import { capture } from "../run-command";
import { until } from "../until";
import { type Environment, pulumiOrThrow } from "../stacks";

const LONGEST_UPDATE_MS = 10 * 60_000;

interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: { readonly metadata?: { readonly name?: string; readonly namespace?: string } };
  };
}

/** Puts right the files that a killed `up` leaves, its lock and its state, so that Pulumi can read them. */
export async function mendState(home: Home, progress: Progress): Promise<void> {
  await clearLocks(home, progress);
  restoreCheckpoint(home);
}

/**
 * Clears operations of a killed `up` that may or may not have happened, so that the next `up` does them. What Azure made is found again, for a
 * PUT of the same thing changes nothing. What Kubernetes made would be in the way of a second create; nothing uses it yet, so it is deleted.
 */
export async function clearPending(environment: Environment): Promise<string | undefined> {
  const exported = JSON.parse(await pulumiOrThrow(["stack", "export"], environment)) as {
    readonly deployment?: { readonly pending_operations?: readonly PendingOperation[] };
  };
  const pending = exported.deployment?.pending_operations ?? [];
  if (pending.length === 0) return undefined;
  for (const operation of pending) await deleteHalfMade(operation, environment);
  await pulumiOrThrow(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"], environment);
  return `${pending.length} operations of an interrupted run were put right`;
}

/** Deletes an object whose creation was never recorded, if it was created. */
async function deleteHalfMade({ type, resource }: PendingOperation, environment: Environment): Promise<void> {
  const { name, namespace } = resource.inputs?.metadata ?? {};
  if (type !== "creating" || !resource.type.startsWith("kubernetes:") || !name) return;
  const kind = resource.type.split(":").at(-1) ?? "";
  const scope = namespace ? ["--namespace", namespace] : [];
  await capture(["kubectl", "delete", kind.toLowerCase(), name, ...scope, "--ignore-not-found", "--wait"], { environment });
}

/** A kill in the middle of a write leaves half a state; the file backend keeps the one before it alongside. */
function restoreCheckpoint(home: Home): void {
  for (const file of listFiles(path.join(home.pulumi, ".pulumi", "stacks"))) {
    const backup = `${file}.bak`;
    if (!file.endsWith(".json") || readJson(file) !== undefined || readJson(backup) === undefined) continue;
    copyFileSync(backup, file);
  }
}

/**
 * Waits for an update that outlived the demo that started it, then removes the locks of updates whose process is gone: the file backend keeps one
 * file each, with the process id inside.
 */
async function clearLocks(home: Home, progress: Progress): Promise<void> {
  const folder = path.join(home.pulumi, ".pulumi", "locks");
  for (const file of listFiles(folder)) {
    const lock = readJson<{ pid?: number }>(file);
    const pid = lock?.pid;
    if (pid !== undefined && isRunning(pid)) {
      const late = () => `another update of this sandbox is still running (process ${pid}); wait for it, or stop it`;
      const ended = () => (isRunning(pid) ? undefined : true);
      const title = `another update of this sandbox ends (process ${pid})`;
      await progress.step(title, () => until(ended, { timeoutMs: LONGEST_UPDATE_MS, everyMs: 500, late }));
    }
    rmSync(file, { force: true });
  }
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
