import type { Priority } from "../sizing/shape";
import { listAt, numberAt, textAt, textsAt } from "./json";

/** A pool as far as the region is asked about it. */
export interface LivePool {
  readonly name: string;
  /** VM size as Azure spells it; CPU sizes too. */
  readonly size: string;
  readonly priority: Priority;
  /** Most nodes at a time. */
  readonly nodes: number;
  /** Zones that the pool wants, all of them. @default - none, so that the region is enough */
  readonly zones?: readonly string[];
}

/** What a region says of a VM size. */
export interface OfferedSize {
  readonly size: string;
  /** Name of its quota, as standardNCADSA100v4Family; empty where Azure leaves it out. */
  readonly family: string;
  readonly vcpus?: number;
  /** Zones in which the subscription may use it. */
  readonly zones: readonly string[];
  /** Why the subscription may not use it at all. */
  readonly restriction?: string;
}

export interface SizeFinding {
  readonly size: string;
  /** Pools that want it. */
  readonly pools: readonly string[];
  /** Whether nodes of the size can be made in the region, with this subscription. */
  readonly offered: boolean;
  /** Azure's reason where they cannot, as NotAvailableForSubscription. */
  readonly restriction?: string;
  /** Zones that offer it. */
  readonly zones: readonly string[];
  /** Zones that a pool wants and that do not. */
  readonly missingZones: readonly string[];
}

/**
 * The VM sizes of a region by their name in lower case.
 *
 * Restrictions of type Location exclude the region, those of type Zone some zones:
 * https://learn.microsoft.com/rest/api/compute/resource-skus/list
 */
export function offeredSizes(skus: readonly unknown[], location: string): ReadonlyMap<string, OfferedSize> {
  const offered = new Map<string, OfferedSize>();
  for (const sku of skus) {
    const size = textAt(sku, "name");
    if (size === undefined || textAt(sku, "resourceType") !== "virtualMachines") continue;
    offered.set(size.toLowerCase(), offeredSize(sku, size, location));
  }
  return offered;
}

function offeredSize(sku: unknown, size: string, location: string): OfferedSize {
  const places = listAt(sku, "locationInfo").filter((place) => textAt(place, "location")?.toLowerCase() === location);
  const restrictions = listAt(sku, "restrictions");
  const whole = restrictions.find((restriction) => textAt(restriction, "type") === "Location");
  const closed = restrictions.flatMap((restriction) => (textAt(restriction, "type") === "Zone" ? textsAt(restriction, "restrictionInfo", "zones") : []));
  const vcpus = listAt(sku, "capabilities").find((capability) => textAt(capability, "name") === "vCPUs");
  return {
    size,
    family: textAt(sku, "family") ?? "",
    vcpus: numberAt(vcpus, "value"),
    zones: [...new Set(places.flatMap((place) => textsAt(place, "zones")))].filter((zone) => !closed.includes(zone)).sort(),
    restriction: whole === undefined ? undefined : (textAt(whole, "reasonCode") ?? "restricted"),
  };
}

/** One finding for each size of the pools, in their order. */
export function sizeFindings(pools: readonly LivePool[], offered: ReadonlyMap<string, OfferedSize>): readonly SizeFinding[] {
  const sizes = [...new Set(pools.map(({ size }) => size))];
  return sizes.map((size) => {
    const wanting = pools.filter((pool) => pool.size === size);
    const found = offered.get(size.toLowerCase());
    const zones = found?.restriction === undefined ? (found?.zones ?? []) : [];
    const wanted = [...new Set(wanting.flatMap((pool) => pool.zones ?? []))].sort();
    return {
      size,
      pools: [...new Set(wanting.map(({ name }) => name))],
      offered: found !== undefined && found.restriction === undefined,
      restriction: found?.restriction,
      zones,
      missingZones: wanted.filter((zone) => !zones.includes(zone)),
    };
  });
}
