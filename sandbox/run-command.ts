import { type ChildProcess, spawn } from "node:child_process";
import * as os from "node:os";

/** Runs a command in the foreground, as a shell would, and returns its exit code. */
export function runCommand(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  // Ctrl-C reaches the child from the terminal; we stay to pass on its exit code.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  return ended(child).finally(() => process.off("SIGINT", ignore));
}

/** What a command printed, and how it ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Told each line as it is printed, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command in the background of a step, and keeps what it prints. */
export async function capture(command: readonly string[], options: CaptureOptions): Promise<Finished> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.environment },
  });
  const texts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    let rest = "";
    child[stream].setEncoding("utf8").on("data", (chunk: string) => {
      texts[stream] += chunk;
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(line);
    });
  }
  return { code: await ended(child), ...texts };
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0));
    });
  });
}
