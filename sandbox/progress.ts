/** What the sandbox tells the person who waits. */
export interface Progress {
  /** Announces `work`, passes on its details, and says how long it took. */
  step<T>(title: string, work: (report: (detail: string) => void) => Promise<T>): Promise<T>;
  note(text: string): void;
}

/** The part of a stream that progress is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const LOG_INTERVAL_MS = 10_000;
const REDRAW_INTERVAL_MS = 200;
const CLEAR_LINE = "\r\u001b[K";

/** Keeps quiet: for tests and for programs that only want the result. */
export const silentProgress: Progress = {
  step: (_title, work) => work(() => undefined),
  note: () => undefined,
};

/**
 * Lines on the standard error stream, so that a command's own output can still be piped.
 * A terminal gets the current detail redrawn in place, a log one line at most every ten seconds.
 */
export function consoleProgress(output: ProgressOutput = process.stderr): Progress {
  return output.isTTY === true ? terminalProgress(output) : logProgress(output);
}

function logProgress(output: ProgressOutput): Progress {
  return {
    note: (text) => void output.write(`${text}\n`),
    step: async (title, work) => {
      output.write(`… ${title}\n`);
      const started = Date.now();
      let reported = started;
      return finished(output, title, started, () =>
        work((detail) => {
          if (Date.now() - reported < LOG_INTERVAL_MS) return;
          reported = Date.now();
          output.write(`  ${title}: ${detail} · ${seconds(started)}\n`);
        }),
      );
    },
  };
}

function terminalProgress(output: ProgressOutput): Progress {
  const running = new Map<symbol, { readonly title: string; readonly started: number; detail: string }>();
  const redraw = () => {
    const current = [...running.values()].at(-1);
    if (current === undefined) return;
    const parts = [current.title, current.detail, seconds(current.started)].filter((part) => part !== "");
    output.write(`${CLEAR_LINE}${`… ${parts.join(" · ")}`.slice(0, (output.columns ?? 80) - 1)}`);
  };
  return {
    note: (text) => {
      output.write(`${CLEAR_LINE}${text}\n`);
      redraw();
    },
    step: async (title, work) => {
      const key = Symbol(title);
      const step = { title, started: Date.now(), detail: "" };
      running.set(key, step);
      redraw();
      const timer = setInterval(redraw, REDRAW_INTERVAL_MS);
      try {
        return await finished(
          { write: (text) => output.write(`${CLEAR_LINE}${text}`) },
          title,
          step.started,
          () => work((detail) => void (step.detail = detail)),
        );
      } finally {
        clearInterval(timer);
        running.delete(key);
        redraw();
      }
    },
  };
}

async function finished<T>(output: ProgressOutput, title: string, started: number, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    output.write(`✓ ${title} · ${seconds(started)}\n`);
    return result;
  } catch (error) {
    output.write(`✗ ${title} · ${seconds(started)}\n`);
    throw error;
  }
}

function seconds(started: number): string {
  return `${Math.round((Date.now() - started) / 1000)} s`;
}
