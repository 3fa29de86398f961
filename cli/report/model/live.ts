import type { LiveFindings, SizeFinding } from "../../live/findings";
import { clean } from "../clean";
import { type LiveQuota, liveQuotaOf } from "./live-quota";
import { MOST_REGIONS, type Questions } from "./live-question";
import type { Pool } from "./pools";
import type { Quota } from "./quota";

/** What a region says of a VM size. */
export interface LiveSize {
  readonly size: string;
  readonly region: string;
  /** Pools that will have it. */
  readonly pools: readonly string[];
  readonly offered: boolean;
  /** Azure's code of why this subscription may not use it. */
  readonly restriction?: string;
  /** Zones that offer it. */
  readonly zones: readonly string[];
  /** Zones that a pool names and that do not. */
  readonly missingZones: readonly string[];
}

/** What could not be asked of some regions. */
export interface Unasked {
  readonly what: readonly ("sizes" | "quota")[];
  readonly regions: readonly string[];
  readonly why: string;
}

/** What Azure said at the time of the report. */
export interface Live {
  readonly quota: readonly LiveQuota[];
  readonly sizes: readonly LiveSize[];
  readonly unasked: readonly Unasked[];
}

/** Azure's answers, in the order of the regions that were asked, as a report says them: its texts are as foreign as the preview's. */
export function liveOf(questions: Questions, answers: readonly LiveFindings[], pools: readonly Pool[], quota: Quota): Live {
  const said = questions.regions.flatMap(({ location }, index) => answers.slice(index, index + 1).map((answer) => ({ region: location, answer })));
  const named = (ids: readonly string[]): readonly string[] => [...new Set(ids.flatMap((id) => questions.pools[Number(id)]?.name ?? []))];
  return {
    quota: said.flatMap(({ region, answer }) => answer.quota.map((finding) => liveQuotaOf(finding, { region, asked: questions.pools, pools, quota }))),
    sizes: said.flatMap(({ region, answer }, index) => answer.sizes.map((finding) => liveSize(finding, region, named(wanting(finding, questions, index))))),
    unasked: unaskedOf(questions, said),
  };
}

/** Of a size without some zones the pools that name those, else all of its pools. */
function wanting({ pools, offered, missingZones }: SizeFinding, { regions }: Questions, index: number): readonly string[] {
  if (!offered || missingZones.length === 0) return pools;
  return pools.filter((id) => regions[index]?.pools.find(({ name }) => name === id)?.zones?.some((zone) => missingZones.includes(zone)));
}

function liveSize({ size, offered, restriction, zones, missingZones }: SizeFinding, region: string, pools: readonly string[]): LiveSize {
  return {
    ...{ size, region, pools, offered },
    ...(restriction === undefined ? {} : { restriction: clean(restriction, 60) }),
    zones: zones.slice(0, 9).map((zone) => clean(zone, 20)),
    missingZones,
  };
}

function unaskedOf({ pools, beyond }: Questions, said: readonly { readonly region: string; readonly answer: LiveFindings }[]): readonly Unasked[] {
  const byReason = new Map<string, { readonly what: Set<"sizes" | "quota">; readonly regions: Set<string> }>();
  for (const { region, answer } of said) {
    for (const { what, why } of answer.unasked) {
      const reason = clean(why, 300);
      const one = byReason.get(reason) ?? { what: new Set(), regions: new Set() };
      byReason.set(reason, { what: one.what.add(what), regions: one.regions.add(region) });
    }
  }
  const both = ["sizes", "quota"] as const;
  const lost = pools.filter(({ state }) => state.region === undefined).length;
  return [
    ...[...byReason].map(([why, { what, regions }]) => ({ what: [...what], regions: [...regions], why })),
    ...(beyond.length > 0 ? [{ what: both, regions: beyond, why: `a report asks ${MOST_REGIONS} regions at most` }] : []),
    ...(lost > 0 ? [{ what: both, regions: [], why: `the region of ${lost === 1 ? "1 pool" : `${lost} pools`} is not known` }] : []),
  ];
}
