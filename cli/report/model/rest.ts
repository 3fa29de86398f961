import { clean } from "../clean";
import { nameOf, typeOf } from "../read/states";
import { type Action, type Change, type Field, fieldsOf } from "./change";
import { inOrder } from "./order";
import { bareType, componentClass } from "./things";

/** A resource that changes, in one line. */
export interface RestItem {
  readonly action: Action;
  readonly type: string;
  readonly name: string;
  readonly fields: readonly Field[];
  /** Fields that differ beside those listed. */
  readonly moreFields: number;
}

/** Resources that change, under the component that they are parts of. */
export interface RestGroup {
  /** "TuningJob tickets"; undefined for what belongs to no component. */
  readonly component: string | undefined;
  readonly items: readonly RestItem[];
}

const MOST_FIELDS = 6;
const TOLD_ELSEWHERE = new Set(["reason", "hours", "usd"]);

/** Everything that changes, grouped by component; each group and item in an order of its own, so that the engine's haste does not show. */
export function restOf(changes: readonly Change[]): readonly RestGroup[] {
  const byUrn = new Map(changes.map((change) => [change.urn, change]));
  const groups = new Map<string, RestItem[]>();
  for (const change of changes) {
    if (change.action === "same" || change.action === "read" || change.type === "pulumi:pulumi:Stack") continue;
    const owner = ownerOf(change, byUrn);
    const items = groups.get(owner) ?? [];
    items.push(itemOf(change));
    groups.set(owner, items);
  }
  return [...groups]
    .map(([component, items]) => ({ component: component === "" ? undefined : component, items: items.sort(byTypeAndName) }))
    .sort((one, other) => inOrder(one.component ?? "\uffff", other.component ?? "\uffff"));
}

function itemOf(change: Change): RestItem {
  const { action, forcing, differing, name, type } = change;
  // What a component says of its reasons has a place of its own.
  const told = componentClass(type) === undefined ? differing : differing.filter((path) => !TOLD_ELSEWHERE.has(path));
  const paths = [...forcing, ...told.filter((path) => !forcing.includes(path))];
  const fields = action === "update" || action === "replace" ? fieldsOf(change, paths.slice(0, MOST_FIELDS)) : [];
  const left = fields.length === 0 ? 0 : fields.length - MOST_FIELDS + Math.max(0, paths.length - MOST_FIELDS);
  return { action, type: clean(bareType(type), 80), name, fields: fields.slice(0, MOST_FIELDS), moreFields: Math.max(0, left) };
}

/** The outermost component of this library that a resource is inside of, itself if it is one; "" for none. */
function ownerOf(change: Change, byUrn: ReadonlyMap<string, Change>): string {
  let at: string | undefined = change.urn;
  let owner = "";
  for (let steps = 0; at !== undefined && steps < 20; steps++) {
    const component = componentClass(typeOf(at));
    if (component !== undefined) owner = `${clean(component, 60)} ${clean(nameOf(at), 120)}`;
    const next: string | undefined = byUrn.get(at)?.parent;
    at = next ?? (steps === 0 ? change.parent : undefined);
  }
  return owner;
}

function byTypeAndName(one: RestItem, other: RestItem): number {
  return inOrder(one.type, other.type) || inOrder(one.name, other.name);
}
