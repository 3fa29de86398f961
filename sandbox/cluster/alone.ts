import * as path from "node:path";
import { type Home, runFolder } from "../home";
import { tryLock, unlock } from "../lock";
import { until } from "../until";

/** One command at a time starts or stops a home; a second one waits for the first. */
export async function alone<T>(home: Home, work: () => Promise<T>): Promise<T> {
  const file = path.join(runFolder(), `${home.id}.lock`);
  let holder = 0;
  const taken = () => {
    const attempt = tryLock(file);
    if (!attempt.held) holder = attempt.by;
    return attempt.held ? true : undefined;
  };
  await until(taken, {
    timeoutMs: 10 * 60_000,
    everyMs: 100,
    late: () => `process ${holder} has been starting or stopping ${home.dir} for ten minutes`,
  });
  try {
    return await work();
  } finally {
    unlock(file);
  }
}
