import { setTimeout as sleep } from "node:timers/promises";

/** Asks every `everyMs` until the answer is not undefined; throws what `late` says after `timeoutMs`. */
export async function until<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  options: { readonly timeoutMs: number; readonly everyMs?: number; readonly late: () => string },
): Promise<T> {
  const end = Date.now() + options.timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(options.late());
    await sleep(options.everyMs ?? 50);
  }
}
