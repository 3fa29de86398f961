import { isProperties, isValues, type Json, type JsonObject, type Properties, UNKNOWN, type Value } from "../values";
import { armType, lastSegment, pathInputs, resourceType } from "./arm-ids";
import { CREATE_BEFORE_DELETE } from "./autonaming";
import { isList, isObject, sameJson } from "./json";
import { rulesOf, type Write } from "./rules";
import { sdkShape } from "./sdk-shape";

/** What azure-native returns after a PUT: the inputs that are outputs too, and what Azure adds. */
export function outputsOf(write: Write): JsonObject {
  const shape = sdkShape(write.type);
  const path = pathInputs(resourceType(write.type));
  const outputs: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(write.inputs)) {
    const kept = shape ? shape.outputs.has(key) : key !== CREATE_BEFORE_DELETE && !path.includes(key);
    if (kept) outputs[key] = value;
  }
  if (shape?.outputs.has("provisioningState")) outputs["provisioningState"] = "Succeeded";
  if (shape?.outputs.has("location")) outputs["location"] = write.inputs["location"] ?? write.location;
  return {
    ...outputs,
    ...rulesOf(write.type).outputs?.(write),
    id: write.id,
    name: write.name,
    type: armType(write.id),
    ...(shape?.apiVersion === undefined
      ? {}
      : { azureApiVersion: write.inputs["azureApiVersion"] ?? shape.apiVersion }),
  };
}

export function newRecord(write: Write, urn: string) {
  const { id, type, inputs } = write;
  return { id, type, name: lastSegment(id), urn, inputs, outputs: outputsOf(write) };
}

/**
 * What a preview shows: inputs as they are, and unknown for everything that Azure will say
 * (pulumi-azure-native/provider/pkg/convert/previewOutputs.go).
 */
export function previewOutputs(write: Write, inputs: Properties): Properties {
  const preview: Record<string, Value> = {};
  const outputs = outputsOf(write);
  for (const key of new Set([...(sdkShape(write.type)?.outputs ?? []), ...Object.keys(outputs)])) {
    // `type` may be an input with another meaning, and `name` is what Azure answers.
    const answered = key === "type" || key === "name";
    preview[key] = answered
      ? UNKNOWN
      : previewValue(isFreeForm(write.type, key) ? undefined : outputs[key], inputs[key]);
  }
  return preview;
}

/**
 * The generic resource's `properties` have no type: previews show them as given, without what Azure will add to them,
 * so that a program finds nothing there rather than something unknown (TypeAny in previewOutputs.go).
 */
function isFreeForm(type: string, property: string): boolean {
  return type === "azure-native:resources:Resource" && property === "properties";
}

function previewValue(output: Json | undefined, input: Value | undefined): Value {
  if (input === undefined || input === null) return UNKNOWN;
  if (output === undefined) return input;
  if (isProperties(input) && isObject(output)) {
    const keys = new Set([...Object.keys(output), ...Object.keys(input)]);
    return Object.fromEntries([...keys].map((key) => [key, previewValue(output[key], input[key])]));
  }
  if (isValues(input) && isList(output) && input.length === output.length) {
    return input.map((item, index) => previewValue(output[index], item));
  }
  return input;
}

/**
 * Inputs after a refresh: azure-native has no way to read inputs, so it copies into the old ones what changed between
 * old and new outputs, for properties that are inputs (applyDiff in provider/pkg/provider/diff.go).
 */
export function refreshedInputs(
  type: string,
  inputs: JsonObject,
  oldOutputs: JsonObject,
  outputs: JsonObject,
): JsonObject {
  const settable = sdkShape(type)?.inputs;
  const refreshed: Record<string, Json | undefined> = { ...inputs };
  for (const key of new Set([...Object.keys(oldOutputs), ...Object.keys(outputs)])) {
    if (sameJson(oldOutputs[key], outputs[key]) || key === "name" || key === "type" || key === "id") continue;
    if (!(settable?.has(key) ?? key in inputs)) continue;
    refreshed[key] = refreshedValue(inputs[key], oldOutputs[key], outputs[key]);
  }
  return refreshed;
}

function refreshedValue(input: Json | undefined, old: Json | undefined, now: Json | undefined): Json | undefined {
  if (isObject(input) && isObject(old) && isObject(now)) {
    const refreshed: Record<string, Json | undefined> = { ...input };
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      if (!sameJson(old[key], now[key])) refreshed[key] = refreshedValue(input[key], old[key], now[key]);
    }
    return refreshed;
  }
  if (isList(input) && isList(old) && isList(now)) {
    return now.map((item, index) => refreshedValue(input[index], old[index], item) ?? item);
  }
  return sameJson(old, now) ? input : now;
}
