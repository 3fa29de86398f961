import type { CheckFailure, CheckRequest, CheckResult } from "../stand-in";
import {
  containsUnknown,
  isProperties,
  isValues,
  knownProperties,
  type Properties,
  Secret,
  UNKNOWN,
  type Value,
} from "../values";
import { nameInput, resourceType } from "./arm-ids";
import { chooseName, CREATE_BEFORE_DELETE } from "./autonaming";
import { textAt } from "./json";
import type { ResourceType } from "./resource-types";
import type { World } from "./rules";
import { sdkShape } from "./sdk-shape";

/** azure-native's Check: defaults for name, location and API version, then the limits of the REST specification. */
export function checkInputs(request: CheckRequest, world: World, configuredLocation: string | undefined): CheckResult {
  const type = resourceType(request.type);
  const inputs: Record<string, Value> = dropNulls(request.news);
  const failures: CheckFailure[] = [];

  const nameKey = nameInput(type);
  if (inputs[nameKey] === undefined) {
    const chosen = chooseName(type, request, knownProperties(request.olds));
    if (chosen) inputs[nameKey] = chosen.name;
    else failures.push({ property: "", reason: `missing required property '${nameKey}'` });
    if (chosen?.random) inputs[CREATE_BEFORE_DELETE] = true;
  }
  if (inputs["location"] === undefined && takesLocation(request.type, type)) {
    const location = defaultLocation(request, inputs, world, configuredLocation);
    if (location !== undefined) inputs["location"] = location;
    else if (needsLocation(request.type)) failures.push(MISSING_LOCATION);
  }
  const apiVersion = sdkShape(request.type)?.apiVersion;
  if (inputs["azureApiVersion"] === undefined && apiVersion !== undefined) inputs["azureApiVersion"] = apiVersion;

  return { inputs, failures: [...failures, ...nameFailures(type, inputs)] };
}

const MISSING_LOCATION: CheckFailure = {
  property: "",
  reason:
    "missing required property 'location'. Either set it explicitly or configure it with " +
    "'pulumi config set azure-native:location <value>'.",
};

function dropNulls(properties: Properties): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined && value !== null) kept[key] = dropNested(value);
  }
  return kept;
}

function dropNested(value: Value): Value {
  if (value instanceof Secret) return new Secret(dropNested(value.value));
  if (isValues(value)) return value.map(dropNested);
  return isProperties(value) ? dropNulls(value) : value;
}

function takesLocation(token: string, type: ResourceType): boolean {
  return type.location !== false && (sdkShape(token)?.inputs.has("location") ?? true);
}

/** Tracked resources whose specification requires a location. */
function needsLocation(token: string): boolean {
  return [
    "resources:ResourceGroup",
    "containerservice:ManagedCluster",
    "containerregistry:Registry",
    "managedidentity:UserAssignedIdentity",
    "operationalinsights:Workspace",
    "storage:StorageAccount",
  ].some((known) => token === `azure-native:${known}`);
}

/** getDefaultLocation in provider.go: the old one, the configured one, the resource group's. */
function defaultLocation(
  request: CheckRequest,
  inputs: Properties,
  world: World,
  configured: string | undefined,
): Value | undefined {
  const old = request.olds["location"];
  if (old !== undefined && old !== null) return old;
  if (configured !== undefined) return configured;
  const group = inputs["resourceGroupName"];
  if (containsUnknown(group)) return UNKNOWN;
  if (typeof group !== "string") return undefined;
  return textAt(world.state.get(`/subscriptions/${world.subscriptionId}/resourceGroups/${group}`)?.outputs, "location");
}

/** Worded as validateProperty in provider.go words it. */
function nameFailures({ names }: ResourceType, inputs: Properties): readonly CheckFailure[] {
  const name = names && inputs[names.property];
  if (!names || typeof name !== "string") return [];
  const reasons = [
    name.length < names.min &&
      `'${names.property}' is too short (${name.length}): at least ${names.min} characters required`,
    name.length > names.max &&
      `'${names.property}' is too long (${name.length}): at most ${names.max} characters allowed`,
    !names.pattern.test(name) && `'${names.property}' does not match expression '${names.pattern.source}'`,
  ];
  return reasons.filter((reason) => reason !== false).map((reason) => ({ property: "", reason }));
}
