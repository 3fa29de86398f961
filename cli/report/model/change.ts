import { clean, SPECIAL } from "../clean";
import { isObject, type Json, type JsonObject, keysOf, member, objectOf } from "../read/json";
import type { Preview, State, Step } from "../read/preview";
import { nameOf } from "../read/states";
import { shown, valueWithin } from "../values";

export type Action = "create" | "update" | "replace" | "delete" | "same" | "read";

/** A property that differs, as people may see it. */
export interface Field {
  readonly path: string;
  readonly old: string;
  readonly new: string;
}

/** What happens to one resource. */
export interface Change {
  readonly action: Action;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly old: State | undefined;
  readonly new: State | undefined;
  /** Whether a replacement is made before the old one goes; undefined where the preview does not say. */
  readonly createdFirst: boolean | undefined;
  /** Paths that differ and those among them that force a replacement. */
  readonly differing: readonly string[];
  readonly forcing: readonly string[];
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  "discard-replaced": "delete",
  same: "same",
  read: "read",
  "read-replacement": "read",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  "delete-replaced": "replace",
};

/** What happens to each resource, its steps put together, in the preview's order. */
export function changesOf(preview: Preview): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const step of preview.steps) {
    const action = actionOf(step);
    if (action === undefined) continue;
    const before = changes.get(step.urn);
    // A resource that is only read, or stays, and one of the same URN that changes: the change is what counts.
    if (before === undefined || before.action === "read" || before.action === "same") changes.set(step.urn, changeOf(action, step));
    else if (action === "replace") changes.set(step.urn, joined(before, step));
  }
  return [...changes.values()];
}

/** What a refresh finds to differ is a change that someone else made. */
function actionOf({ op, kinds, differing }: Step): Action | undefined {
  if (op !== "refresh") return Object.hasOwn(ACTIONS, op) ? ACTIONS[op] : undefined;
  return Object.keys(kinds).length + differing.length > 0 ? "update" : "same";
}

function changeOf(action: Action, step: Step): Change {
  const { urn, type, old, new: after } = step;
  const paths = Object.keys(step.kinds);
  const differing = paths.length > 0 ? paths : step.differing.length > 0 ? step.differing : action === "update" ? differingKeys(old?.inputs, after?.inputs).filter(isPublic) : [];
  const marked = paths.filter((path) => step.kinds[path]?.endsWith("-replace"));
  const forcing = action !== "replace" ? [] : marked.length > 0 ? marked : step.forcing;
  const createdFirst = step.op === "create-replacement" ? true : step.op === "delete-replaced" ? false : undefined;
  return { action, urn, type, name: clean(nameOf(urn), 120), parent: after?.parent ?? old?.parent, old, new: after, createdFirst, differing, forcing };
}

/** The three steps of a replacement; whichever of making and deleting comes first says the order. */
function joined(before: Change, step: Step): Change {
  const next = changeOf("replace", step);
  return {
    ...before,
    action: "replace",
    old: before.old ?? next.old,
    new: before.new ?? next.new,
    createdFirst: before.createdFirst ?? next.createdFirst,
    differing: before.differing.length > 0 ? before.differing : next.differing,
    forcing: before.forcing.length > 0 ? before.forcing : next.forcing,
  };
}

/** Pulumi shows no inputs of a provider's own, such as the program text of a dynamic provider. */
function isPublic(key: string): boolean {
  return !key.startsWith("__");
}

function differingKeys(old: Json | undefined, after: Json | undefined): readonly string[] {
  const keys = [...new Set([...Object.keys(objectOf(old)), ...Object.keys(objectOf(after))])].slice(0, 200);
  return keys.filter((key) => JSON.stringify(member(old, key)) !== JSON.stringify(member(after, key)));
}

/** Paths with their values before and after; where whole objects differ, the members that do. */
export function fieldsOf({ old, new: after }: Change, paths: readonly string[]): readonly Field[] {
  return paths.flatMap((path): readonly Field[] => {
    if (path === "provider") return [{ path, old: "the old one", new: "a new one" }];
    const keys = keysOf(path);
    return differences(path, keys, valueWithin(old?.inputs, keys), valueWithin(after?.inputs, keys), 0);
  });
}

const DEEPEST = 4;

function differences(path: string, keys: readonly string[], old: Json | undefined, after: Json | undefined, depth: number): readonly Field[] {
  if (depth < DEEPEST && isPlainObject(old) && isPlainObject(after)) {
    const inner = differingKeys(old, after).flatMap((key) => differences(`${path}.${key}`, [...keys, key], member(old, key), member(after, key), depth + 1));
    if (inner.length > 0) return inner;
  }
  return [{ path: clean(path, 120), old: shown(old, keys), new: shown(after, keys) }];
}

function isPlainObject(value: Json | undefined): value is JsonObject {
  return isObject(value) && !(SPECIAL in value);
}
