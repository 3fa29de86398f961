import { RunError } from "@pulumi/pulumi/errors";

/** The message that an action ends the program with. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (RunError.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** The problems of a refusal, one a line, without the line that says what cannot be deployed. */
export function problemsOf(action: () => unknown): string[] {
  return messageOf(action)
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^- /, ""));
}

/** A problem as every one reads: code, path, value, rule, and one step to take. */
export const COMPLETE_PROBLEM = /^AKSFT-[A-Z]+-\d{2} \S+: got \S.*; \S.*; fix: \S.*$/;

/** What the fix of a problem says to use, where it names one value in quotes. */
export function proposed(problem: string): string {
  return /; fix: [^"]*"([^"]*)"[^"]*$/.exec(problem)?.[1] ?? "";
}
