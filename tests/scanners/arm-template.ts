import { armId, armType, lastSegment, nameInput, pathInputs, resourceType } from "../../sandbox/providers/azure-native/arm-ids";
import { isList, isObject, objectAt, objectsAt, textAt, textsAt } from "../../sandbox/providers/azure-native/json";
import { sdkShape } from "../../sandbox/providers/azure-native/sdk-shape";
import type { Json, JsonObject } from "../../sandbox/providers/values";
import type { Registration } from "../support/mock-engine";

/** One resource of an ARM template: https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-declaration */
export interface ArmResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly [member: string]: Json | undefined;
}

export interface ArmTemplate {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly resources: readonly ArmResource[];
}

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";

/** Members of a resource that stand beside `properties`: the common envelope of ARM's resources. */
const ENVELOPE = new Set(["location", "tags", "identity", "sku", "kind", "zones", "plan", "extendedLocation", "managedBy"]);
/** How azure-native asks for a type that its SDK does not have, or has too old. */
const GENERIC = new Set(["resourceProviderNamespace", "parentResourcePath", "resourceType", "apiVersion"]);
/** azure-native's own inputs, which Azure never sees. */
const OWN = new Set(["azureApiVersion", "__createBeforeDelete"]);

/**
 * The template that would deploy what azure-native was asked to register. Scanners read templates: azure-native takes the members of
 * `properties` at the top, and pools as resources, where scanners look for them inside their cluster as well.
 */
export function armTemplate(registrations: readonly Registration[]): ArmTemplate {
  const azure = registrations.filter(({ type }) => type.startsWith("azure-native:"));
  const pools = azure.filter(({ type }) => type === POOL).map(armResource);
  const resources = azure.flatMap((registration) => {
    const resource = armResource(registration);
    return registration.type === CLUSTER ? clusterWithPools(resource, pools) : [resource];
  });
  return {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    resources,
  };
}

function armResource({ type, name, inputs }: Registration): ArmResource {
  const description = resourceType(type);
  // A name that azure-native would choose starts with the logical one.
  const known = inArmTerms(withLiterals({ [nameInput(description)]: name, ...jsonOf(inputs) }));
  const id = armId(description, known, SUBSCRIPTION) ?? `/${name}`;
  const inPath = new Set([...pathInputs(description), ...GENERIC, ...OWN]);
  const body = Object.entries(known).filter(([key]) => !inPath.has(key));
  const top = Object.fromEntries(body.filter(([key]) => isOutside(type, key)));
  const inside = Object.fromEntries(body.filter(([key]) => !isOutside(type, key)));
  // The generic resource and the resource group have no flattened members.
  const properties = objectAt(inside, "properties") ?? inside;
  const version = textAt(known, "apiVersion") ?? sdkShape(type)?.apiVersion ?? "";
  const scope = textAt(known, "scope");
  return {
    type: armType(id),
    apiVersion: version,
    name: nameOf(id),
    ...(scope === undefined ? {} : { scope }),
    ...top,
    ...(isObject(top["identity"]) ? { identity: identityOf(top["identity"]) } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  };
}

/** A pool's `type` and `kind` of its own are properties; envelope members are only those that the type's SDK class takes. */
function isOutside(type: string, key: string): boolean {
  return ENVELOPE.has(key) && type !== POOL;
}

/** `ai/gpu` for the pool `gpu` of the cluster `ai`: the names of the id without the types between them. */
function nameOf(id: string): string {
  const provider = id.toLowerCase().lastIndexOf("/providers/");
  if (provider < 0) return lastSegment(id);
  const [, ...segments] = id.slice(provider + "/providers/".length).split("/");
  return segments.filter((_, index) => index % 2 === 1).join("/");
}

/** The cluster with every pool of it inside, and every pool as a resource: AKS takes either, and checks look at one or the other. */
function clusterWithPools(cluster: ArmResource, pools: readonly ArmResource[]): readonly ArmResource[] {
  const inline = objectsAt(cluster, "properties.agentPoolProfiles");
  const own = pools.filter(({ name }) => name.startsWith(`${cluster.name}/`));
  const nested = own.map(({ name, properties: settings }) => ({ name: lastSegment(name), ...(isObject(settings) ? settings : {}) }));
  const version = pools[0]?.apiVersion ?? sdkShape(POOL)?.apiVersion ?? "";
  const standAlone = inline.map((pool): ArmResource => {
    const poolName = `${cluster.name}/${textAt(pool, "name") ?? ""}`;
    const properties = Object.fromEntries(Object.entries(pool).filter(([key]) => key !== "name"));
    return { type: "Microsoft.ContainerService/managedClusters/agentPools", apiVersion: version, name: poolName, properties };
  });
  return [{ ...cluster, properties: { ...objectAt(cluster, "properties"), agentPoolProfiles: [...inline, ...nested] } }, ...standAlone];
}

/** azure-native takes identities as a list of ids, ARM as keys. */
function identityOf(identity: JsonObject): JsonObject {
  const ids = textsAt(identity, "userAssignedIdentities");
  return ids.length === 0 ? identity : { ...identity, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}

/** Members that azure-native calls otherwise than ARM does (x-ms-client-name in the REST specifications). */
const RENAMED: Readonly<Record<string, string>> = {
  networkRuleSet: "networkAcls",
  enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
  virtualNetworkResourceId: "id",
  iPAddressOrRange: "value",
};
/** Lists of nested resources, whose `properties` azure-native takes at the top as it does those of resources. */
const NESTED = new Set(["subnets", "securityRules", "delegations", "privateLinkServiceConnections", "privateDnsZoneConfigs"]);

function inArmTerms(inputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) => {
      if (value === undefined) return [];
      const items = NESTED.has(key) && isList(value) ? value.map(nestedResource) : undefined;
      return [[RENAMED[key] ?? key, translated(items ?? value)]];
    }),
  );
}

function translated(value: Json): Json {
  if (isList(value)) return value.map(translated);
  return isObject(value) ? inArmTerms(value) : value;
}

function nestedResource(item: Json): Json {
  if (!isObject(item)) return item;
  const { name, id, ...properties } = item;
  return { ...(name === undefined ? {} : { name }), ...(id === undefined ? {} : { id }), ...(Object.keys(properties).length > 0 ? { properties } : {}) };
}

/** What the engine writes for a value that is not known yet: unknownValue in @pulumi/pulumi/runtime/rpc. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Values that only Azure will know, as they will look. */
function withLiterals(inputs: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(inputs).flatMap(([key, value]) => (value === undefined ? [] : [[key, literal(key, value)]])));
}

function literal(key: string, value: Json): Json {
  if (isList(value)) return value.map((item) => literal(key, item));
  if (isObject(value)) return withLiterals(value);
  if (typeof value !== "string" || !value.includes(UNKNOWN)) return value;
  if (value !== UNKNOWN) return value.replaceAll(UNKNOWN, SUBSCRIPTION);
  if (/principalId|objectId|clientId|tenantId/i.test(key)) return SUBSCRIPTION;
  return /id$|ids$|identities$|scope$/i.test(key) ? `/subscriptions/${SUBSCRIPTION}/resourceGroups/known-after-deployment` : "known-after-deployment";
}

function jsonOf(inputs: Registration["inputs"]): JsonObject {
  const parsed: JsonObject = JSON.parse(JSON.stringify(inputs));
  return parsed;
}
