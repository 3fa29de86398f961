import { parseArgs } from "node:util";

/** Ends a command: what is wrong in one line, and its exit code. */
export class CommandError extends Error {
  constructor(
    /** 1 where a file is at fault, 2 where the command line is. */
    readonly exitCode: 1 | 2,
    message: string,
  ) {
    super(message);
  }
}

/** What a command printed, and how it ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command that returns its output; faults of the user end it with one line, others with a stack. */
export function ended(command: (args: readonly string[]) => string, args: readonly string[]): Ended {
  try {
    return { exitCode: 0, stdout: command(args), stderr: "" };
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return { exitCode: fault.exitCode, stdout: "", stderr: `${fault.message}\n` };
  }
}

function faultOf(error: unknown): CommandError | undefined {
  if (error instanceof CommandError) return error;
  // What parseArgs throws: https://nodejs.org/api/util.html#utilparseargsconfig
  const { code, message } = error as NodeJS.ErrnoException;
  return code?.startsWith("ERR_PARSE_ARGS") ? new CommandError(2, `${message}; --help lists the options`) : undefined;
}

/** Runs a command as the process that it is. */
export function runCommand(command: (args: readonly string[]) => string): void {
  const { exitCode, stdout, stderr } = ended(command, process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}

/** The command line of both commands: a file, and what to print of it. */
export function optionsOf(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rows: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}

/** The one file of a command line, or the default. */
export function fileIn(positionals: readonly string[], standard: string): string {
  if (positionals.length > 1) throw new CommandError(2, `give one file, not ${positionals.length}; --help lists the options`);
  return positionals[0] ?? standard;
}
