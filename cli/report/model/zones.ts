import { clean } from "../clean";
import { type JsonObject, listOf, objectOf, textOf } from "../read/json";
import type { Change } from "./change";

/** No region has more: https://learn.microsoft.com/azure/reliability/availability-zones-overview */
const MOST_ZONES = 9;

/** Zones in which pools will be, by the name of the pool: those that a pool of the cluster or one inside it names. */
export function zonesOf(changes: readonly Change[]): ReadonlyMap<string, readonly string[]> {
  return new Map(changes.flatMap((change) => [...ofAgentPool(change), ...ofInlinePools(change)]));
}

type Named = readonly [pool: string, zones: readonly string[]];

function ofAgentPool({ type, name, new: after }: Change): readonly Named[] {
  return after && /^azure-native:containerservice[^:]*:AgentPool$/.test(type) ? [[name, zones(after.inputs)]] : [];
}

function ofInlinePools({ type, new: after }: Change): readonly Named[] {
  if (!/^azure-native:containerservice[^:]*:ManagedCluster$/.test(type)) return [];
  return listOf(after?.inputs["agentPoolProfiles"]).map(objectOf).map((profile) => [clean(textOf(profile["name"]) ?? "", 60), zones(profile)]);
}

function zones(inputs: JsonObject): readonly string[] {
  return listOf(inputs["availabilityZones"]).flatMap((zone) => textOf(zone) ?? []).slice(0, MOST_ZONES).map((zone) => clean(zone, 20));
}
