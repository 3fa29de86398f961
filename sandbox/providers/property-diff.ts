import type { PropertyChange } from "./stand-in";
import { isProperties, isValues, type Properties, Secret, Unknown, type Value } from "./values";

export interface PropertyDiffOptions {
  /** Whether a change at this path, with every list index written `[]`, replaces the resource. */
  readonly replaces: (pattern: string) => boolean;
  /** Values that count as the same although they differ, for example ids that differ in case. */
  readonly same?: (old: Value, now: Value, pattern: string) => boolean;
}

export type PropertyDiff = Readonly<Record<string, PropertyChange>>;

/** Every difference between two sets of inputs by property path, as providers report them to the engine. */
export function diffProperties(olds: Properties, news: Properties, options: PropertyDiffOptions): PropertyDiff {
  const changes: Record<string, PropertyChange> = {};
  diffObjects(olds, news, { path: "", pattern: "", replacing: false }, options, changes);
  return changes;
}

interface Place {
  readonly path: string;
  readonly pattern: string;
  /** A parent forces the replacement. */
  readonly replacing: boolean;
}

type Changes = Record<string, PropertyChange>;

function diffObjects(
  olds: Properties,
  news: Properties,
  at: Place,
  options: PropertyDiffOptions,
  changes: Changes,
): void {
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const inner = member(at, key, options);
    diffValues(olds[key] ?? undefined, news[key] ?? undefined, inner, options, changes);
  }
}

function member(at: Place, key: string, options: PropertyDiffOptions): Place {
  const name = /^[\w-]+$/.test(key) ? key : `["${key}"]`;
  const join = (base: string) => (base === "" || name.startsWith("[") ? base + name : `${base}.${name}`);
  const pattern = join(at.pattern);
  return { path: join(at.path), pattern, replacing: at.replacing || options.replaces(pattern) };
}

function diffValues(
  old: Value | undefined,
  now: Value | undefined,
  at: Place,
  options: PropertyDiffOptions,
  changes: Changes,
): void {
  const before = unwrap(old);
  const after = unwrap(now);
  if (before === undefined && after === undefined) return;
  if (before === undefined) changes[at.path] = at.replacing ? "add-replace" : "add";
  else if (after === undefined) changes[at.path] = at.replacing ? "delete-replace" : "delete";
  else if (isProperties(before) && isProperties(after)) diffObjects(before, after, at, options, changes);
  else if (isValues(before) && isValues(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      const item = { path: `${at.path}[${index}]`, pattern: `${at.pattern}[]`, replacing: at.replacing };
      diffValues(before[index], after[index], item, options, changes);
    }
  } else if (after instanceof Unknown || before instanceof Unknown || !same(before, after, at.pattern, options)) {
    changes[at.path] = at.replacing ? "update-replace" : "update";
  }
}

function same(before: Value, after: Value, pattern: string, options: PropertyDiffOptions): boolean {
  return before === after || (options.same?.(before, after, pattern) ?? false);
}

/** Secrets are compared by what they hold; null and absent are the same to providers, which drop nulls. */
function unwrap(value: Value | undefined): Value | undefined {
  const plain = value instanceof Secret ? unwrap(value.value) : value;
  return plain === null ? undefined : plain;
}
