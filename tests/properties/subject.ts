import type * as fc from "fast-check";
import type { Rule } from "./rules";
import type { World } from "./world";

/** A component's logical name and the arguments that decide; references to what exists come from the world. */
export interface Given<A extends object> {
  readonly name: string;
  readonly args: A;
}

/** A component, how to draw faultless arguments for it, and every way that we know to break them. */
export interface Subject<A extends object> {
  readonly given: fc.Arbitrary<Given<A>>;
  readonly register: (given: Given<A>, world: World) => unknown;
  readonly mutations: readonly Mutation<A>[];
}

/** A change of whatever else is drawn. */
export interface Step<A extends object> {
  /** Another logical name. */
  readonly name?: string;
  /** Arguments instead of the drawn ones; a function where they depend on those. What the types forbid is allowed: JavaScript has none. */
  readonly args?: Changes<A> | ((args: A) => Changes<A>);
}

/** One step from a faultless configuration to one that must be refused. */
export interface Mutation<A extends object> extends Step<A> {
  /** The fault, in words that complete "refuses …". */
  readonly fault: string;
  /** Code of the only problem that comes of it. */
  readonly code: `AKSFT-${string}-${number}`;
  /** Argument that is broken, as the message names it. Mutations of different arguments can be made together. */
  readonly argument: string;
  /** Arguments among which this is the only fault, for this step and for the nearest one. @default - whatever is drawn */
  readonly on?: Step<A>;
  /** The step to take instead, as near as can be, which is accepted; an empty one leaves the drawn arguments as they are. */
  readonly nearest: Step<A>;
  /** The rule that is broken, where it is one of the list. */
  readonly rule?: Rule;
  /** Found only once nothing else is wrong, or only with other arguments as they are here, so never together with others. @default false */
  readonly alone?: boolean;
}

type Changes<A> = Readonly<Partial<Record<keyof A, unknown>>>;

export function mutated<A extends object>(given: Given<A>, { name, args }: Step<A> = {}): Given<A> {
  const changes = typeof args === "function" ? args(given.args) : args;
  return { name: name ?? given.name, args: { ...given.args, ...changes } };
}
