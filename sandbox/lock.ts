import * as fs from "node:fs";
import * as path from "node:path";
import { errorCode, readJson } from "./files";
import { identify, isAlive, type ProcessIdentity } from "./process-identity";

/** Takes `file` as a lock for this process, or tells who has it. A dead holder's lock is taken over. */
export function tryLock(file: string): { readonly held: true } | { readonly held: false; readonly by: number } {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      try {
        // A link appears whole or not at all: nobody reads a lock that is only half written.
        fs.linkSync(mine, file);
        return { held: true };
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
      }
      const holder = readJson<ProcessIdentity>(file);
      if (holder !== undefined && isAlive(holder)) return { held: false, by: holder.pid };
      discard(file);
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

export function unlock(file: string): void {
  if (readJson<ProcessIdentity>(file)?.pid === process.pid) fs.rmSync(file, { force: true });
}

/** Renamed first: two that find the same stale lock must not delete each other's new one. */
function discard(file: string): void {
  const stale = `${file}.${process.pid}.stale`;
  try {
    fs.renameSync(file, stale);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return;
  }
  const holder = readJson<ProcessIdentity>(stale);
  if (holder !== undefined && isAlive(holder)) fs.linkSync(stale, file);
  fs.rmSync(stale, { force: true });
}

const nap = new Int32Array(new SharedArrayBuffer(4));

/** Runs short synchronous `work` alone among all processes that use the same lock. */
export function exclusively<T>(file: string, work: () => T): T {
  const end = Date.now() + 10_000;
  while (!tryLock(file).held) {
    if (Date.now() > end) throw new Error(`another process does not let go of ${file}`);
    Atomics.wait(nap, 0, 0, 5);
  }
  try {
    return work();
  } finally {
    unlock(file);
  }
}
