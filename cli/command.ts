/** How a command ended, as its exit code says it. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command prints, and how it ends if not well. */
export interface Answer {
  readonly text: string;
  readonly code: ExitCode;
}

/** One command of the program. It throws what it cannot do; only `main.ts` prints and exits. */
export interface Command {
  /** Its text for `--help`, with examples and exit codes. */
  readonly help: string;
  readonly run: (args: readonly string[]) => string | Answer | Promise<string | Answer>;
}

/** A command as the program lists it. */
export interface ListedCommand {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The command line is wrong; nothing was done. */
export class UsageError extends Error {}
