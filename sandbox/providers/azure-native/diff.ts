import { diffProperties, type PropertyDiff } from "../property-diff";
import type { DiffRequest, DiffResult } from "../stand-in";
import type { Value } from "../values";
import { pathInputs, resourceType } from "./arm-ids";
import { CREATE_BEFORE_DELETE } from "./autonaming";
import { sameJson } from "./json";
import { known } from "../values";

/** azure-native's Diff (provider/pkg/provider/provider.go and diff.go): inputs against inputs. */
export function diffInputs(request: DiffRequest): DiffResult {
  const type = resourceType(request.type);
  const replacing = new Set([...pathInputs(type), ...(type.forceNew ?? [])]);
  const changes = diffProperties(request.oldInputs, request.news, {
    replaces: (pattern) => replacing.has(pattern),
    same: sameToAzure,
  });
  const detailed = withoutNeedlessReplaces(changes, request);
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith("-replace"));
  // A name that Azure native did not choose would be taken twice: the old resource has to go first. The program can
  // overrule that with the resource option deleteBeforeReplace: false when the replacement's name differs.
  const createFirst = request.oldInputs[CREATE_BEFORE_DELETE] === true;
  return {
    changes: Object.keys(detailed).length > 0 ? "some" : "none",
    replaces,
    deleteBeforeReplace: replaces.length > 0 && !createFirst,
    detailed,
  };
}

/** "West Europe" is "westeurope" (applyAzureSpecificDiff), and ids may differ in case. */
function sameToAzure(old: Value, now: Value, pattern: string): boolean {
  if (typeof old !== "string" || typeof now !== "string") return false;
  if (pattern === "location") return normalizedLocation(old) === normalizedLocation(now);
  return old.startsWith("/subscriptions/") && old.toLowerCase() === now.toLowerCase();
}

export function normalizedLocation(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

/** Declaring what Azure already answered is no replacement (calculateChangesAndReplacements, ADD_REPLACE). */
function withoutNeedlessReplaces(changes: PropertyDiff, { news, olds }: DiffRequest): PropertyDiff {
  const entries = Object.entries(changes).map(([path, change]) => {
    const declared = news[path];
    const held = olds[path];
    const same = declared !== undefined && held !== undefined && sameJson(known(declared), known(held));
    return [path, change === "add-replace" && same ? ("add" as const) : change] as const;
  });
  return Object.fromEntries(entries);
}
