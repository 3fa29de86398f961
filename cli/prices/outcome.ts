import type { RegionalGpuPrices } from "../../components/plan/prices";
import { LARGEST_STEP, type PriceChange, type Refreshed } from "../../components/plan/prices/refreshed";
import { COLUMNS, wrapped } from "../wrap";

const NAMES: Readonly<Record<keyof RegionalGpuPrices, string>> = { Regular: "pay-as-you-go", Spot: "spot" };
const STATES = ["new", "changed", "unchanged", "refused"] as const;

/** What a refresh did, as people read it. */
export function outcomeText(file: string, written: boolean, { changes, missing, prices }: Refreshed): string {
  const counts = STATES.flatMap((state) => {
    const count = changes.filter((change) => change.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const equal = changes.filter(({ size, region, priority, state }) => {
    const { Regular, Spot } = prices[size]?.[region] ?? {};
    return priority === "Spot" && state !== "refused" && Regular !== undefined && Spot !== undefined && Spot.usdPerHour >= Regular.usdPerHour;
  });
  return [
    `${file}: ${counts.join(", ")}; ${written ? "written" : "nothing to write"}`,
    ...changes.filter(({ state }) => state === "changed").map((change) => `  ${subject(change)}: ${String(change.was)}, now ${change.usdPerHour}`),
    ...changes.filter(({ state }) => state === "refused").map((change) => `  ${subject(change)}: refused, ${whyRefused(change)}`),
    ...equal.map((change) => `  ${subject(change)}: ${change.usdPerHour} saves nothing against pay-as-you-go`),
    ...missingLines(missing),
    "",
  ].join("\n");
}

function subject({ size, region, priority }: Pick<PriceChange, "size" | "region" | "priority">): string {
  return `${size} in ${region}, ${NAMES[priority]}`;
}

function whyRefused({ usdPerHour, was }: PriceChange): string {
  const kept = was === undefined ? "none is known" : `${was} stays`;
  if (usdPerHour <= 0) return `${usdPerHour} is no price; ${kept}`;
  return `${usdPerHour} is more than ${LARGEST_STEP} times ${usdPerHour > (was ?? 0) ? "" : "below "}${String(was)}; ${kept}, --force takes it`;
}

function missingLines(missing: Refreshed["missing"]): string[] {
  const regions = [...new Set(missing.map(({ region }) => region))];
  return regions.flatMap((region) =>
    (["Regular", "Spot"] as const).flatMap((priority) => {
      const sizes = missing.filter((each) => each.region === region && each.priority === priority).map(({ size }) => size);
      if (sizes.length === 0) return [];
      return wrapped(`${region} lists no ${NAMES[priority]} price of ${sizes.join(", ")}; what was known stays`, COLUMNS - 4).map((line, index) => `  ${index === 0 ? "" : "  "}${line}`);
    }),
  );
}
