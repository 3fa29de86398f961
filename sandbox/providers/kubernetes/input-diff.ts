import type { PropertyChange } from "../stand-in";
import { isProperties, isValues, type Properties, Unknown, type Value } from "../values";
import type { ForceNewPath } from "./force-new";
import { field, type PathStep } from "./objects";
import { sameQuantity } from "./quantity";

/** Changes by property path, as previews print it: `spec.template.spec.containers[0].image`. */
export type InputDiff = Readonly<Record<string, PropertyChange>>;

type Change = "add" | "delete" | "update";

/**
 * Compares the last known live object, cut to the shape of the old inputs, with the new inputs (pulumi-kubernetes,
 * provider/pkg/provider/provider.go, Diff and convertPatchToDiff): what others changed shows only after a refresh.
 */
export function diffInputs(old: Properties, news: Properties, forceNew: readonly ForceNewPath[]): InputDiff {
  const changes: Record<string, PropertyChange> = {};
  const record = (path: readonly PathStep[], change: Change, value: Value | undefined): void => {
    const replaces = forceNew.some((pattern) => touches(path, value, pattern));
    changes[formatPath(path)] = replaces ? `${change}-replace` : change;
  };
  compareObjects([], old, news, record);
  return changes;
}

type Recorder = (path: readonly PathStep[], change: Change, value: Value | undefined) => void;

function compareObjects(path: readonly PathStep[], old: Properties, news: Properties, record: Recorder): void {
  for (const key of new Set([...Object.keys(old), ...Object.keys(news)])) {
    compareValues([...path, key], old[key], news[key], record);
  }
}

function compareValues(
  path: readonly PathStep[],
  old: Value | undefined,
  news: Value | undefined,
  record: Recorder,
): void {
  if (news === undefined) {
    if (old !== undefined) record(path, "delete", undefined);
  } else if (old === undefined) {
    // Go's omitempty: the API server does not give back what says nothing; the typed inputs do not have it either.
    if (!isEmpty(news)) record(path, "add", news);
  } else if (isProperties(news) && isProperties(old)) {
    compareObjects(path, old, news, record);
  } else if (isValues(news) && isValues(old)) {
    for (let index = 0; index < Math.max(news.length, old.length); index++) {
      compareValues([...path, index], old[index], news[index], record);
    }
  } else if (news instanceof Unknown || (news !== old && !sameQuantity(path, news, old))) {
    record(path, "update", news);
  }
}

function isEmpty(value: Value): boolean {
  if (isValues(value)) return value.length === 0;
  if (isProperties(value)) return Object.keys(value).length === 0;
  return value === null || value === "" || value === 0 || value === false;
}

/** The patch (this path with this value) contains the pattern, as in provider/pkg/openapi, PatchPropertiesChanged. */
function touches(path: readonly PathStep[], value: Value | undefined, pattern: ForceNewPath): boolean {
  const shared = Math.min(path.length, pattern.length);
  for (let index = 0; index < shared; index++) {
    const wanted = pattern[index];
    const step = path[index];
    if (typeof step === "number" ? wanted !== "*" : wanted !== step) return false;
  }
  return contains(value, pattern.slice(shared));
}

function contains(value: Value | undefined, rest: ForceNewPath): boolean {
  const [step, ...further] = rest;
  if (step === undefined) return true;
  if (step === "*") return isValues(value) && value.some((item) => contains(item, further));
  const inner = field(value, step);
  return inner !== undefined && contains(inner, further);
}

function formatPath(path: readonly PathStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (/[."[\]]/.test(step)) return `${text}["${step.replaceAll('"', '\\"')}"]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Steps of a Pulumi property path: `spec.template`, `metadata.annotations["a.b/c"]`, `spec.containers[*].image`. */
export function parsePath(path: string): readonly string[] {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return Array.from(steps, ([, quoted, index, name]) => quoted?.replaceAll('\\"', '"') ?? index ?? name ?? "");
}

/** The engine has applied `ignoreChanges` to the inputs; what the live object had different is left out here. */
export function withoutIgnored(diff: InputDiff, ignored: readonly string[]): InputDiff {
  const prefixes = ignored.map(parsePath);
  const kept = Object.entries(diff).filter(([path]) => {
    const steps = parsePath(path);
    return !prefixes.some((prefix) => prefix.every((step, index) => step === "*" || step === steps[index]));
  });
  return Object.fromEntries(kept);
}
