import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { readText } from "./files";

/** A process and when it began: an id alone may since have been given to another program. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** Undefined if there is no such process, or only its exit status is left. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === "linux" ? startTimeInStat(statOf(pid)) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(known: ProcessIdentity): boolean {
  return identify(known.pid)?.startTime === known.startTime;
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may itself hold spaces and brackets. */
export function startTimeInStat(stat: string | undefined): string | undefined {
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function statOf(pid: number): string | undefined {
  try {
    return readText(`/proc/${pid}/stat`);
  } catch {
    return undefined; // ended while it was being read (ESRCH)
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Environment variable by which a daemon can be found although whoever started it was killed before writing that down. */
export const MARK = "AKS_FINE_TUNING_DAEMON";

export interface MarkedProcess extends ProcessIdentity {
  /** HOME_ID/NAME */
  readonly mark: string;
  readonly command: readonly string[];
}

/** Every running process whose mark begins with `prefix`. Only Linux shows the environment of others. */
export function markedProcesses(prefix: string): readonly MarkedProcess[] {
  return runningCommands().flatMap(({ pid, command }) => {
    const mark = markOf(pid);
    const identity = mark?.startsWith(prefix) ? identify(pid) : undefined;
    return mark === undefined || identity === undefined ? [] : [{ ...identity, mark, command }];
  });
}

function markOf(pid: number): string | undefined {
  const entry = procText(pid, "environ").find((variable) => variable.startsWith(`${MARK}=`));
  return entry?.slice(MARK.length + 1);
}

/** Process ids with their command lines, this process left out. */
export function runningCommands(): readonly { readonly pid: number; readonly command: readonly string[] }[] {
  if (process.platform !== "linux") return [];
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({ pid: Number(name), command: procText(Number(name), "cmdline") }));
}

function procText(pid: number, file: "cmdline" | "environ"): readonly string[] {
  try {
    return (readText(`/proc/${pid}/${file}`) ?? "").split("\0").filter((part) => part !== "");
  } catch {
    return []; // another user's, or ended meanwhile
  }
}
