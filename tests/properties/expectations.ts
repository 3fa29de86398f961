import { RunError } from "@pulumi/pulumi/errors";
import * as fc from "fast-check";
import { COMPLETE_PROBLEM } from "../support/refusal";
import { attempt, type Attempt } from "./attempt";
import { type Cloud, openCloud } from "./cloud";
import { type Given, type Mutation, mutated, type Step, type Subject } from "./subject";

/** Faultless configurations of each component that are tried. */
const CONFIGURATIONS = 200;
/** Of those, how many also in a preview that knows nothing yet. */
const PREVIEWS = 10;
/** Of each mutation, of the step to take instead of it, and of several mutations together. */
const MUTANTS = 4;
const NEAREST = 1;
const SEVERAL = 20;
/** Other configurations than last time: FC_SEED=… draws them, and a failure names the seed that drew it. */
const SEED = Number(process.env["FC_SEED"] ?? 20_261_126);
/** Shrinking takes minutes where each try is a deployment. */
const AS_DRAWN = { endOnFailure: true, seed: SEED };
const TOGETHER = 3;

/** Milliseconds that 200 configurations may take on a busy machine. */
export const PATIENCE = 300_000;

type Try<A extends object> = (configuration: Given<A>, unknown?: boolean) => Promise<Attempt>;

/** A component under trial, with a subscription of its own. */
export interface Trial<A extends object> extends Subject<A> {
  readonly tried: Try<A>;
  readonly open: () => Promise<void>;
  readonly close: () => void;
}

export function trialOf<A extends object>(subject: Subject<A>): Trial<A> {
  let cloud: Cloud | undefined;
  return {
    ...subject,
    open: async () => {
      cloud = await openCloud();
    },
    close: () => cloud?.close(),
    tried: (configuration, unknown = false) => {
      if (!cloud) throw new Error("open comes first");
      return attempt(cloud, (world) => subject.register(configuration, world), { unknown });
    },
  };
}

/** Whatever is drawn is registered, and no stand-in refuses a part of it. */
export function expectAccepted<A extends object>({ given, tried }: Trial<A>): Promise<void> {
  return fc.assert(
    fc.asyncProperty(given, async (configuration) => expectTaken(await tried(configuration))),
    { ...AS_DRAWN, numRuns: CONFIGURATIONS },
  );
}

function expectTaken({ registered, refused, thrown }: Attempt): void {
  expect({ thrown, refused }).toEqual({ thrown: undefined, refused: [] });
  expect(registered.length).toBeGreaterThan(0);
}

/** A preview in which all that is passed on is still unknown registers what the update will. */
export function expectSamePreview<A extends object>({ given, tried }: Trial<A>): Promise<void> {
  return fc.assert(
    fc.asyncProperty(given, async (configuration) => {
      const { registered } = await tried(configuration);
      expect(await tried(configuration, true)).toEqual({ registered, refused: [], thrown: undefined });
    }),
    { ...AS_DRAWN, numRuns: PREVIEWS },
  );
}

/** Whatever else is drawn, the mutation is refused with its own code and no other, at its own argument, and nothing is registered. */
export function expectRefused<A extends object>({ given, tried }: Trial<A>, mutation: Mutation<A>): Promise<void> {
  return fc.assert(
    fc.asyncProperty(given, async (configuration) => {
      const refusal = refusalOf(await tried(mutated(mutated(configuration, mutation.on), mutation)));
      expect(new Set(refusal.map(codeOf))).toEqual(new Set([mutation.code]));
      expect(refusal.filter((problem) => !concerns(mutation.argument, pathOf(problem)))).toEqual([]);
    }),
    { ...AS_DRAWN, numRuns: MUTANTS },
  );
}

/** Whatever else is drawn, the step that the rule asks for is accepted. */
export function expectNearestAccepted<A extends object>({ given, tried }: Trial<A>, { on, nearest }: Mutation<A>): Promise<void> {
  return fc.assert(
    fc.asyncProperty(given, async (configuration) => expectTaken(await tried(mutated(mutated(configuration, on), nearest)))),
    { ...AS_DRAWN, numRuns: NEAREST },
  );
}

/** Faults of three arguments, or of two where there are no more, are listed in one refusal. */
export function expectListedTogether<A extends object>({ given, mutations, tried }: Trial<A>): Promise<void> {
  const several = severalOf(mutations.filter(({ alone }) => !alone));
  return fc.assert(
    fc.asyncProperty(given, several, async (configuration, chosen) => {
      const broken = [...chosen.map(({ on = {} }) => on), ...chosen].reduce<Given<A>>(mutated, configuration);
      const refusal = refusalOf(await tried(broken));
      // One that sets what another has broken mends it.
      const left = chosen.filter((step) => isIn(broken, step, configuration));
      expect(left.length).toBeGreaterThan(0);
      expect(refusal.map(codeOf)).toEqual(expect.arrayContaining(left.map(({ code }) => code)));
    }),
    { ...AS_DRAWN, numRuns: SEVERAL },
  );
}

/** Whether a configuration still has everything that a step has set. */
function isIn<A extends object>({ name, args }: Given<A>, step: Step<A>, before: Given<A>): boolean {
  const set: Readonly<Record<string, unknown>> = (typeof step.args === "function" ? step.args(before.args) : step.args) ?? {};
  const held = new Map<string, unknown>(Object.entries(args));
  const same = Object.entries(set).every(([key, value]) => JSON.stringify(held.get(key)) === JSON.stringify(value));
  return same && (step.name === undefined || step.name === name);
}

/** Mutations, no two of one argument, or of an argument and a part of it. */
function severalOf<A extends object>(mutations: readonly Mutation<A>[]): fc.Arbitrary<readonly Mutation<A>[]> {
  const first = (argument: string): string => argument.split(/[.[]/)[0] ?? "";
  const apart = (shuffled: readonly Mutation<A>[]): readonly Mutation<A>[] =>
    shuffled.filter(({ argument }, index) => !shuffled.slice(0, index).some((earlier) => first(earlier.argument) === first(argument)));
  const most = Math.min(TOGETHER, apart(mutations).length);
  return fc.shuffledSubarray([...mutations], { minLength: mutations.length }).map((shuffled) => apart(shuffled).slice(0, most));
}

/** The problems of a program that was ended by a complete refusal and registered nothing. */
function refusalOf({ registered, thrown }: Attempt): readonly string[] {
  expect(registered).toEqual([]);
  if (!RunError.isInstance(thrown)) throw new Error(`not refused: ${String(thrown)}`);
  const [, ...problems] = thrown.message.split("\n").map((line) => line.replace(/^- /, ""));
  expect(problems.filter((problem) => !COMPLETE_PROBLEM.test(problem))).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
  return problems;
}

function codeOf(problem: string): string {
  return problem.split(" ")[0] ?? "";
}

function pathOf(problem: string): string {
  return problem.split(" ")[1]?.replace(/:$/, "") ?? "";
}

/** Whether a path is that of an argument, of a part of it, or of a line in a file of that name. */
function concerns(argument: string, path: string): boolean {
  return path === argument || path.endsWith(`/${argument}`) || path.startsWith(`${argument}.`) || path.startsWith(`${argument}[`);
}
