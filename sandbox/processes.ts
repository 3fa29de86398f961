import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { readJson, readText, writeAtomically } from "./files";
import type { Home } from "./home";
import { exclusively } from "./lock";
import { identify, isAlive, MARK, markedProcesses, type ProcessIdentity } from "./process-identity";
import { until } from "./until";

/** A program that the sandbox keeps running in the background. */
export interface Daemon {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Whatever else it was started with (configuration files, sources): a change of it asks for a restart. */
  readonly settings?: string;
}

export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  readonly command: readonly string[];
  readonly fingerprint: string;
  /** When it was started, in milliseconds. */
  readonly startedAt: number;
}

export function processRecords(home: Home): readonly ProcessRecord[] {
  return readJson<readonly ProcessRecord[]>(home.processes) ?? [];
}

export function runningDaemons(home: Home): readonly ProcessRecord[] {
  return processRecords(home).filter(isAlive);
}

/** Whether the recorded process is the wanted one and still there. */
export function isCurrent(record: ProcessRecord, daemon: Daemon): boolean {
  return record.fingerprint === fingerprint(daemon) && isAlive(record);
}

export function fingerprint(daemon: Daemon): string {
  const parts = [daemon.command, Object.entries(daemon.env ?? {}).sort(), daemon.settings ?? ""];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Starts the daemon unless it runs as wanted; one that runs otherwise is stopped first. */
export async function ensureDaemon(home: Home, daemon: Daemon): Promise<{ readonly pid: number; readonly started: boolean }> {
  const record = processRecords(home).find(({ name }) => name === daemon.name);
  if (record !== undefined && isCurrent(record, daemon)) return { pid: record.pid, started: false };
  if (record !== undefined) await stopProcess(record);
  await Promise.all(strays(home, daemon).map((stray) => stopProcess(stray)));
  return { pid: await start(home, daemon), started: true };
}

/** Started by someone who was killed before recording it. Children that inherited the mark are other programs. */
function strays(home: Home, daemon: Daemon): readonly ProcessIdentity[] {
  const program = path.basename(daemon.command[0]);
  const mark = `${home.id}/${daemon.name}`;
  return markedProcesses(mark).filter(
    (found) => found.mark === mark && path.basename(found.command[0] ?? "") === program,
  );
}

async function start(home: Home, daemon: Daemon): Promise<number> {
  const [program, ...args] = daemon.command;
  const log = openLog(home, daemon.name);
  try {
    const child = spawn(program, args, {
      cwd: home.dir,
      detached: true, // its own session: Ctrl-C on the terminal is not for it
      stdio: ["ignore", log, log],
      env: { ...withoutProxies(process.env), ...daemon.env, [MARK]: `${home.id}/${daemon.name}` },
    });
    await once(child, "spawn");
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity === undefined) throw new Error(`${daemon.name} ended at once; ${logTail(home, daemon.name)}`);
    const { name, command } = daemon;
    const record = { ...identity, name, command, fingerprint: fingerprint(daemon), startedAt: Date.now() };
    changeRecords(home, (records) => [...records.filter(({ name }) => name !== daemon.name), record]);
    return identity.pid;
  } finally {
    fs.closeSync(log);
  }
}

/** Daemons only talk to each other on this machine; a proxy could not reach them. */
function withoutProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)));
}

/** SIGTERM, then SIGKILL if that is not heeded. */
export async function stopProcess(known: ProcessIdentity, graceMs = 5000): Promise<void> {
  if (!signal(known, "SIGTERM")) return;
  const ended = await until(() => (isAlive(known) ? undefined : true), {
    timeoutMs: graceMs,
    everyMs: 20,
    late: () => "",
  }).catch(() => false);
  if (ended || !signal(known, "SIGKILL")) return;
  await until(() => (isAlive(known) ? undefined : true), {
    timeoutMs: 5000,
    everyMs: 20,
    late: () => `process ${known.pid} does not end`,
  });
}

function signal(known: ProcessIdentity, name: "SIGTERM" | "SIGKILL"): boolean {
  if (!isAlive(known)) return false;
  try {
    return process.kill(known.pid, name);
  } catch {
    return false; // ended meanwhile
  }
}

/** Stops the named daemons, together, and forgets them. */
export async function stopDaemons(home: Home, names: readonly string[], graceMs?: number): Promise<void> {
  const records = processRecords(home).filter(({ name }) => names.includes(name));
  await Promise.all(records.map((record) => stopProcess(record, graceMs)));
  if (records.length === 0) return;
  changeRecords(home, (current) => current.filter((one) => !records.some((gone) => gone.pid === one.pid)));
}

function changeRecords(home: Home, change: (records: readonly ProcessRecord[]) => readonly ProcessRecord[]): void {
  exclusively(`${home.processes}.lock`, () =>
    writeAtomically(home.processes, `${JSON.stringify(change(processRecords(home)), undefined, 1)}\n`),
  );
}

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

function openLog(home: Home, name: string): number {
  fs.mkdirSync(home.logs, { recursive: true });
  const file = logFile(home, name);
  if ((fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) fs.renameSync(file, `${file}.old`);
  return fs.openSync(file, "a");
}

export function logFile(home: Home, name: string): string {
  return path.join(home.logs, `${name}.log`);
}

/** The end of a daemon's log, for error messages. */
export function logTail(home: Home, name: string, lines = 5): string {
  const text = readText(logFile(home, name)) ?? "";
  return `${logFile(home, name)} ends with:\n${text.trimEnd().split("\n").slice(-lines).join("\n")}`;
}
