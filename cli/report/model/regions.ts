import { regionName } from "../../../components/plan/prices";
import { clean } from "../clean";
import { type JsonObject, member, textOf } from "../read/json";
import { isUnknown } from "../values";
import type { Change } from "./change";
import type { RegionOf } from "./pools";

/**
 * Regions of resources that do not say theirs, as pools do not: that of the cluster or resource group they name, else of the only cluster, else of
 * the only resource group, else what the configuration calls its location.
 */
export function regionsOf(changes: readonly Change[], config: JsonObject): RegionOf {
  const clusters = changes.filter(({ type }) => /^azure-native:containerservice[^:]*:ManagedCluster$/.test(type));
  const groups = changes.filter(({ type }) => /^azure-native:resources[^:]*:ResourceGroup$/.test(type));
  const configured = textOf(config["aks-fine-tuning:location"]) ?? textOf(config["azure-native:location"]);
  return (change, when) => {
    const own = locationOf(change, when);
    if (own !== undefined) return own;
    const cluster = named(clusters, "resourceName", change, when) ?? sole(clusters);
    const group = named(groups, "resourceGroupName", cluster ?? change, when) ?? named(groups, "resourceGroupName", change, when) ?? sole(groups);
    return (cluster && locationOf(cluster, when)) ?? (group && locationOf(group, when)) ?? (configured === undefined ? undefined : clean(regionName(configured), 40));
  };
}

function locationOf(change: Change, when: "old" | "new"): string | undefined {
  const state = change[when] ?? change.new ?? change.old;
  const location = textOf(state?.inputs["location"]);
  return location === undefined || isUnknown(location) ? undefined : clean(regionName(location), 40);
}

function named(owners: readonly Change[], key: string, change: Change, when: "old" | "new"): Change | undefined {
  const wanted = member((change[when] ?? change.old ?? change.new)?.inputs, key);
  if (typeof wanted !== "string" || isUnknown(wanted)) return undefined;
  return owners.find(({ old, new: after }) => old?.inputs[key] === wanted || after?.inputs[key] === wanted);
}

function sole<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}
