import { RunError } from "@pulumi/pulumi/errors";
import * as fc from "fast-check";
import { COMPLETE_PROBLEM } from "../support/refusal";
import { attempt, type Attempt } from "./attempt";
import { openCloud } from "./cloud";
import { type Given, type Mutation, mutated, type Subject } from "./subject";

/** Faultless configurations of each component that are tried. */
const CONFIGURATIONS = 200;
/** Of those, how many also in a preview that knows nothing yet. */
const PREVIEWS = 20;
/** Of each mutation, and of several together. */
const MUTANTS = 10;
const TOGETHER = 3;

/** Milliseconds that 200 configurations may take on a busy machine. */
export const PATIENCE = 300_000;

type Try<A extends object> = (configuration: Given<A>, unknown?: boolean) => Promise<Attempt>;

/** Does `work` with a subscription of its own to try configurations in. */
async function trying<A extends object>({ register }: Subject<A>, work: (tried: Try<A>) => Promise<void>): Promise<void> {
  const cloud = await openCloud();
  try {
    await work((configuration, unknown = false) => attempt(cloud, (world) => register(configuration, world), { unknown }));
  } finally {
    cloud.close();
  }
}

/** Whatever is drawn is registered, and no stand-in refuses a part of it. */
export function expectAccepted<A extends object>(subject: Subject<A>): Promise<void> {
  return trying(subject, (tried) =>
    fc.assert(
      fc.asyncProperty(subject.given, async (configuration) => {
        const { registered, refused, thrown } = await tried(configuration);
        expect({ thrown, refused }).toEqual({ thrown: undefined, refused: [] });
        expect(registered.length).toBeGreaterThan(0);
      }),
      { numRuns: CONFIGURATIONS },
    ),
  );
}

/** A preview in which all that is passed on is still unknown registers what the update will. */
export function expectSamePreview<A extends object>(subject: Subject<A>): Promise<void> {
  return trying(subject, (tried) =>
    fc.assert(
      fc.asyncProperty(subject.given, async (configuration) => {
        const { registered } = await tried(configuration);
        expect(await tried(configuration, true)).toEqual({ registered, refused: [], thrown: undefined });
      }),
      { numRuns: PREVIEWS },
    ),
  );
}

/** Whatever else is drawn, the mutation is refused with its own code and no other, and nothing is registered. */
export function expectRefused<A extends object>(subject: Subject<A>, mutation: Mutation<A>): Promise<void> {
  return trying(subject, (tried) =>
    fc.assert(
      fc.asyncProperty(subject.given, async (configuration) => {
        const refusal = refusalOf(await tried(mutated(configuration, mutation)));
        expect(new Set(refusal.map(codeOf))).toEqual(new Set([mutation.code]));
      }),
      { numRuns: MUTANTS },
    ),
  );
}

/** Faults of up to three arguments are listed in one refusal. */
export function expectListedTogether<A extends object>(subject: Subject<A>): Promise<void> {
  const several = severalOf(subject.mutations.filter(({ alone }) => !alone));
  return trying(subject, (tried) =>
    fc.assert(
      fc.asyncProperty(subject.given, several, async (configuration, chosen) => {
        const refusal = refusalOf(await tried(chosen.reduce(mutated, configuration)));
        expect(refusal.map(codeOf)).toEqual(expect.arrayContaining(chosen.map(({ code }) => code)));
      }),
      { numRuns: 2 * MUTANTS },
    ),
  );
}

/** Two or three mutations, no two of one argument, or of an argument and a part of it. */
function severalOf<A extends object>(mutations: readonly Mutation<A>[]): fc.Arbitrary<readonly Mutation<A>[]> {
  const overlap = (one: string, other: string): boolean => one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
  const apart = (shuffled: readonly Mutation<A>[]): readonly Mutation<A>[] =>
    shuffled.filter(({ argument }, index) => !shuffled.slice(0, index).some((earlier) => overlap(earlier.argument, argument)));
  return fc
    .shuffledSubarray([...mutations], { minLength: 2 })
    .map((shuffled) => apart(shuffled).slice(0, TOGETHER))
    .filter((chosen) => chosen.length > 1);
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
