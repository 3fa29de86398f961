import { isProperties, type Properties, type Value } from "../values";
import { parsePath } from "./input-diff";
import { field, items, text, withField, withoutField } from "./objects";

// https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
// `fieldsV1` is a tree whose keys are `f:name` for fields, and `.` where the object itself is owned too.

/**
 * Objects are created with an ordinary create, whose fields belong to an "Update" entry; server-side apply would take
 * them for another writer's. Before an update they are handed over to the "Apply" entry, as are those of kubectl
 * (pulumi-kubernetes, provider/pkg/await/await.go, fixCSAFieldManagers; prefixes as fluxcd/pkg/ssa matches them).
 */
export function adoptFields(managedFields: readonly Properties[], manager: string): readonly Properties[] | undefined {
  const foreign = (entry: Properties): boolean => {
    const name = text(entry, "manager") ?? "";
    if (text(entry, "subresource")) return false;
    if (entry["operation"] === "Apply") return name.startsWith("kubectl");
    return ["kubectl", "before-first-apply", "pulumi-kubernetes", "pulumi-resource-kubernetes"].some((prefix) =>
      name.startsWith(prefix),
    ) || name === manager;
  };
  const adopted = managedFields.filter(foreign);
  const [first] = adopted;
  if (!first) return undefined;
  const own = (entry: Properties): boolean => entry["operation"] === "Apply" && entry["manager"] === manager;
  const trees = [...managedFields.filter(own), ...adopted].map((entry) => field(entry, "fieldsV1") ?? {});
  const merged = trees.reduce(mergeTrees, {});
  const kept = managedFields.filter((entry) => !foreign(entry) && !own(entry));
  return [...kept, { ...first, manager, operation: "Apply", fieldsV1: merged }];
}

function mergeTrees(left: Value, right: Value): Value {
  if (!isProperties(left)) return right;
  if (!isProperties(right)) return left;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, mergeTrees(left[key] ?? {}, right[key] ?? {})]));
}

/**
 * What `ignoreChanges` means at the API server (await.go, handleSSAIgnoreFields): a field that only others write is not
 * sent at all; one that is ours, or nobody's, is sent as it is, since leaving it out would remove it.
 */
export function leaveIgnored(
  inputs: Properties,
  live: Properties,
  ignoreChanges: readonly string[],
  manager: string,
): Properties {
  const entries = items(live, "metadata", "managedFields");
  const ours = entries.filter((entry) => entry["manager"] === manager);
  const theirs = entries.filter((entry) => entry["manager"] !== manager);
  return ignoreChanges.reduce((sent, ignored) => {
    const path = parsePath(ignored);
    if (theirs.some((entry) => owns(entry, path)) && !ours.some((entry) => owns(entry, path))) {
      return withoutField(sent, path);
    }
    const current = field(live, ...path);
    return current === undefined ? sent : withField(sent, path, current);
  }, inputs);
}

function owns(entry: Properties, path: readonly string[]): boolean {
  const node = field(entry, "fieldsV1", ...path.map((step) => `f:${step}`));
  return isProperties(node) && (Object.keys(node).length === 0 || "." in node);
}
