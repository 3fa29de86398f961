import { spawn } from "node:child_process";
import * as readline from "node:readline";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Sees each line as it comes, of both streams. */
  readonly onLine?: (line: string) => void;
}

const LINES_IN_AN_ERROR = 20;

/** Runs a program to its end and gives what it printed; fails with the last lines of it when the program does. */
export function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      readline.createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
    }
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const outcome = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const end = lines.slice(-LINES_IN_AN_ERROR).join("\n");
      if (code === 0) resolve(lines.join("\n"));
      else reject(new Error(`${program} ${args.join(" ")}: ${outcome}\n${end}`));
    });
  });
}
