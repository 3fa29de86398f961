import { setTimeout as pause } from "node:timers/promises";

/** How often a request is made before its failure is final. */
export const ATTEMPTS = 4;
const FIRST_PAUSE = 1000;
/** Longest pause that is granted: who wants more is asked another day. */
const LONGEST_PAUSE = 60_000;

export interface Answered {
  readonly status: number;
  readonly statusText: string;
  readonly text: string;
}

/** Nobody answered, and why. */
export interface Unanswered {
  readonly failure: string;
}

/** How long to wait, and who is told of it. */
export interface Patience {
  /** Longest wait for one answer. */
  readonly timeoutSeconds: number;
  /** Pause between two attempts. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
  /** Told of every attempt that is repeated. */
  readonly progress?: (line: string) => void;
}

/** A request that is repeated when the server is out of reach, out of order or out of patience. */
export async function patientFetch(url: URL, request: RequestInit, { timeoutSeconds, wait = pause, progress }: Patience): Promise<Answered | Unanswered> {
  for (let attempt = 1; ; attempt++) {
    const answered = await attempted(url, request, timeoutSeconds);
    const failed = "failure" in answered;
    if (attempt === ATTEMPTS || (!failed && answered.status < 500 && answered.status !== 429)) return answered;
    const milliseconds = pauseOf(attempt, failed ? null : answered.retryAfter, Date.now());
    progress?.(`${failed ? answered.failure : `${answered.status} ${answered.statusText}`}; again in ${milliseconds / 1000} s`);
    await wait(milliseconds);
  }
}

async function attempted(url: URL, request: RequestInit, timeoutSeconds: number): Promise<(Answered & { readonly retryAfter: string | null }) | Unanswered> {
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    return { status: answer.status, statusText: answer.statusText, text: await answer.text(), retryAfter: answer.headers.get("retry-after") };
  } catch (error) {
    return { failure: reasonOf(error, timeoutSeconds) };
  }
}

/** As long as the answer asks for, in seconds or as a date, else twice as long each time: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function pauseOf(attempt: number, retryAfter: string | null, now: number): number {
  const asked = retryAfter === null || retryAfter.trim() === "" ? Number.NaN : /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Math.min(LONGEST_PAUSE, Number.isNaN(asked) ? FIRST_PAUSE * 2 ** (attempt - 1) : Math.max(0, asked));
}

/** `fetch` hides what happened in the cause of an error that says only that it failed. */
function reasonOf(error: unknown, timeoutSeconds: number): string {
  const { name, message = String(error), cause } = error as { readonly name?: string; readonly message?: string; readonly cause?: { readonly message?: string } };
  if (name === "TimeoutError") return `no answer within ${timeoutSeconds} s`;
  return cause?.message ? cause.message : message;
}
