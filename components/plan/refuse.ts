import { RunError } from "@pulumi/pulumi/errors";

/** One fault in the arguments, in the words of the person who wrote them. */
export interface Problem {
  /** Stable, so that documentation and tests can refer to it. */
  readonly code: `AKSFT-${string}-${number}`;
  /** The argument as the user wrote it, for example `recipe.lora.rank`. */
  readonly path: string;
  /** What was received. Shown as JSON; a value that looks like a credential is not shown. */
  readonly got: unknown;
  /** The rule that was broken, with its numbers. */
  readonly rule: string;
  /** What to change, one concrete step. */
  readonly fix: string;
}

/**
 * What hubs, registries and clouds hand out, by its prefix, and long runs of mixed letters and digits as base64 has them; a digest, all
 * lower case, is none. It is never printed, wherever in a message it stands.
 */
const TOKEN =
  /(?<![A-Za-z0-9])(?:hf_|ghp_|github_pat_|sk-|eyJ|AKIA|xox[bp]-)[\w.-]{8,}|(?<![\w+/-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{64,}={0,2}/g;
const LONGEST_SHOWN = 120;

/** The problems behind each refusal, for whoever lists those of several components together. */
const listed = new WeakMap<Error, readonly Problem[]>();

/** Ends the program with every problem listed and no stack trace. Does nothing when there are none. */
export function refuse(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw refusal(subject, problems);
}

/** The error itself, for where the compiler should know that nothing follows. */
export function refusal(subject: string, problems: readonly Problem[]): RunError {
  const error = new RunError(`${subject} cannot be deployed:\n${problems.map((problem) => `- ${describe(problem)}`).join("\n")}`);
  listed.set(error, problems);
  return error;
}

/** The problems that `work` is refused for, none when it is not. Any other error is thrown on. */
export function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    const problems = error instanceof Error ? listed.get(error) : undefined;
    if (!problems) throw error;
    return problems;
  }
}

/** One problem on one line: code, path, value, rule and fix. */
export function describe(problem: Problem): string {
  const { code, path, got, rule, fix } = problem;
  // A mended name is the token again in lower case; nothing quoted is derived from a token.
  const repeated = shown(got).includes("a secret value") ? fix.replace(/"[^"]*"/g, "another value") : fix;
  return `${code} ${path}: got ${shown(got)}; ${hidden(rule)}; fix: ${hidden(repeated)}`;
}

/** The problems of a nested argument, with the path of what holds it in front. */
export function within(path: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: problem.path === "" ? path : `${path}.${problem.path}` }));
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string" && hidden(value) === secret(value)) return secret(value);
  const text = typeof value === "number" ? String(value) : hidden(JSON.stringify(value));
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)` : text;
}

/** A text without what looks like a credential. */
export function hidden(text: string): string {
  return text.replace(TOKEN, secret);
}

function secret(token: string): string {
  return `a secret value (${token.length < 40 ? "under 40" : "40 or more"} characters)`;
}
