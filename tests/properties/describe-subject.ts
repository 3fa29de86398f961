import { RunError } from "@pulumi/pulumi/errors";
import * as fc from "fast-check";
import { COMPLETE_PROBLEM } from "../support/refusal";
import { attempt, type Attempt } from "./attempt";
import { type Cloud, openCloud } from "./cloud";
import { type Given, type Mutation, mutated, type Subject } from "./subject";

/** Faultless configurations of each component that are tried. */
const CONFIGURATIONS = 15;
/** Of those, how many also in a preview that knows nothing yet. */
const PREVIEWS = 6;
/** Of each mutation, and of several together. */
const MUTANTS = 4;
const TOGETHER = 3;

jest.setTimeout(300_000);

/** The properties of every component: what is faultless is accepted, known or not, and what is not is refused, all of it at once. */
export function describeSubject<A extends object>(subject: Subject<A>): void {
  const { component, given, register, mutations } = subject;
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await openCloud();
  });
  afterAll(() => cloud.close());

  const tried = (configuration: Given<A>, unknown = false): Promise<Attempt> =>
    attempt(cloud, (world) => register(configuration, world), { unknown });

  describe(`${component}, drawn at random,`, () => {
    it("is accepted by the stand-ins", async () => {
      await fc.assert(
        fc.asyncProperty(given, async (configuration) => {
          const { registered, refused, thrown } = await tried(configuration);
          expect({ thrown, refused }).toEqual({ thrown: undefined, refused: [] });
          expect(registered.length).toBeGreaterThan(0);
        }),
        { numRuns: CONFIGURATIONS },
      );
    });

    it("registers the same in a preview in which everything that is passed on is still unknown", async () => {
      await fc.assert(
        fc.asyncProperty(given, async (configuration) => {
          const { registered } = await tried(configuration);
          expect(await tried(configuration, true)).toEqual({ registered, refused: [], thrown: undefined });
        }),
        { numRuns: PREVIEWS },
      );
    });

    if (mutations.length > 0) {
      it.each(mutations)("refuses $fault, and nothing else of it, before anything is registered", async (mutation) => {
        await fc.assert(
          fc.asyncProperty(given, async (configuration) => {
            const refusal = refusalOf(await tried(mutated(configuration, mutation)));
            expect(new Set(refusal.map(codeOf))).toEqual(new Set([mutation.code]));
          }),
          { numRuns: MUTANTS },
        );
      });
    }

    const together = mutations.filter(({ alone }) => !alone);
    if (new Set(together.map(({ argument }) => argument)).size > 1) {
      it("lists several faults of different arguments at once", async () => {
        await fc.assert(
          fc.asyncProperty(given, several(together), async (configuration, chosen) => {
            const refusal = refusalOf(await tried(chosen.reduce(mutated, configuration)));
            expect(refusal.map(codeOf)).toEqual(expect.arrayContaining(chosen.map(({ code }) => code)));
          }),
          { numRuns: 2 * MUTANTS },
        );
      });
    }
  });
}

/** Up to three mutations, no two of one argument, or of an argument and a part of it. */
function several<A extends object>(mutations: readonly Mutation<A>[]): fc.Arbitrary<readonly Mutation<A>[]> {
  const overlap = (one: string, other: string): boolean => one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
  return fc.shuffledSubarray([...mutations], { minLength: Math.min(2, mutations.length) }).map((shuffled) =>
    shuffled
      .filter(({ argument }, index) => !shuffled.slice(0, index).some((earlier) => overlap(earlier.argument, argument)))
      .slice(0, TOGETHER),
  );
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
