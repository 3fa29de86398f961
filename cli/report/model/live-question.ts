import type { LivePool, LiveQuestion } from "../../live/findings";
import { inOrder } from "./order";
import type { Pool, PoolState } from "./pools";

/** A pool as it will be. */
export interface AskedPool {
  readonly name: string;
  readonly state: PoolState;
}

/** What Azure is asked. */
export interface Questions {
  /** Every pool that will be. */
  readonly pools: readonly AskedPool[];
  /** One for each region; a pool is named by its place in `pools`, as names of pools may be the same. */
  readonly regions: readonly LiveQuestion[];
  /** Regions that are too many to ask. */
  readonly beyond: readonly string[];
}

/** A stack has one or two; more than these are no stack's. */
export const MOST_REGIONS = 10;

/** What to ask about pools as they will be after the update, each region once. */
export function questionsOf(pools: readonly Pool[], zones: ReadonlyMap<string, readonly string[]>): Questions {
  const asked = pools.flatMap(({ name, new: state }) => (state ? [{ name, state }] : []));
  const regions = new Map<string, LivePool[]>();
  asked.forEach(({ name, state }, index) => {
    const { region, size, priority, maxNodes } = state;
    if (region === undefined) return;
    const own = regions.get(region) ?? [];
    own.push({ name: String(index), size, priority, nodes: maxNodes, zones: zones.get(name) });
    regions.set(region, own);
  });
  const sorted = [...regions].sort(([one], [other]) => inOrder(one, other));
  return {
    pools: asked,
    regions: sorted.slice(0, MOST_REGIONS).map(([location, own]) => ({ location, pools: own })),
    beyond: sorted.slice(MOST_REGIONS).map(([region]) => region),
  };
}
