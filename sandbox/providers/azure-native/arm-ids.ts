import type { JsonObject } from "../values";
import { textAt } from "./json";
import { RESOURCE_TYPES, type ResourceType } from "./resource-types";
import { sdkShape } from "./sdk-shape";

/** The type as taught, or the best guess for one that was not: a resource in a group, named by its `…Name` property. */
export function resourceType(type: string): ResourceType {
  return RESOURCE_TYPES[type] ?? guessedType(type);
}

export function isTaught(type: string): boolean {
  return RESOURCE_TYPES[type] !== undefined;
}

function guessedType(type: string): ResourceType {
  const [, module = "unknown", resource = "Resource"] = type.split(":");
  const camel = `${resource.charAt(0).toLowerCase()}${resource.slice(1)}`;
  const shape = sdkShape(type);
  const inPath = [...(shape?.inputs ?? [])].filter((input) => input.endsWith("Name") && !shape?.outputs.has(input));
  const name = [`${camel}Name`, "resourceName", "name"].find((candidate) => inPath.includes(candidate));
  const parents = inPath.filter((input) => input !== name && input !== "resourceGroupName");
  const parentPath = parents.map((parent) => `${parent.slice(0, -"Name".length)}s/{${parent}}/`).join("");
  return {
    path:
      "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}" +
      `/providers/Microsoft.${module}/${parentPath}${camel}s/{${name ?? parents[0] ?? "resourceName"}}`,
    ...(shape?.inputs.has("location") === true ? {} : { location: false as const }),
  };
}

/** Inputs that are part of the resource's path. */
export function pathInputs(type: ResourceType): readonly string[] {
  return [...type.path.matchAll(/{(\w+)}/g)].flatMap(([, name]) => (name ? [name] : []));
}

/** The input that names the resource itself. */
export function nameInput(type: ResourceType): string {
  return pathInputs(type).at(-1) ?? "resourceName";
}

/** ARM id of a resource with these inputs; undefined while a part of its path is missing or not known yet. */
export function armId(type: ResourceType, inputs: JsonObject, subscriptionId: string): string | undefined {
  let id = type.path;
  for (const input of pathInputs(type)) {
    // Only the generic resource's parent path may be empty.
    const value = input === "subscriptionId" ? subscriptionId : textAt(inputs, input);
    if (value === undefined && input !== "parentResourcePath") return undefined;
    // Scopes are whole ids; azure-native trims their slashes (crud.go, SkipUrlEncoding).
    id = id.replace(`{${input}}`, (value ?? "").replace(/^\/+|\/+$/g, ""));
  }
  const canonical = id.replace(/\/{2,}/g, "/");
  return type.groupSegment ? canonical.replace("/resourceGroups/", `/${type.groupSegment}/`) : canonical;
}

export function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** `Microsoft.ContainerService/managedClusters/agentPools` for the id of an agent pool. */
export function armType(id: string): string {
  const provider = id.toLowerCase().lastIndexOf("/providers/");
  if (provider < 0) return "Microsoft.Resources/resourceGroups";
  const [namespace = "", ...segments] = id.slice(provider + "/providers/".length).split("/");
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)].join("/");
}

export function resourceGroupOf(id: string): string | undefined {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
}

/** Id of the resource around this one, of which it is a nested resource; undefined for one directly in its group. */
export function parentId(id: string): string | undefined {
  const segments = id.split("/");
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === "providers");
  // …/providers/Namespace/type/name/childType/childName
  if (provider < 0 || segments.length - provider <= 4) return undefined;
  const parent = segments.slice(0, -2).join("/");
  // Storage services exist with their account and are no resources of their own in a program.
  return /\/(file|blob|queue|table)Services\/default$/i.test(parent) ? segments.slice(0, -4).join("/") : parent;
}
