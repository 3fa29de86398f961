import type { RegionalGpuPrices } from "../../components/plan/prices";
import { LARGEST_STEP, type PriceChange, type Refreshed } from "../../components/plan/prices/refreshed";
import { PRIORITIES } from "../../components/plan/prices/text";
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
  const lines = [
    ...changes.filter(({ state }) => state === "changed").map((change) => `${subject(change)}: ${change.was ?? "none"}, now ${change.usdPerHour}`),
    ...changes.filter(({ state }) => state === "refused").map((change) => `${subject(change)}: refused, ${whyRefused(change)}`),
    ...equal.map((change) => `${subject(change)}: ${change.usdPerHour} saves nothing against pay-as-you-go`),
    ...missingLines(missing),
  ];
  return [`${file}: ${counts.join(", ")}; ${written ? "written" : "nothing to write"}`, ...lines.flatMap(indented), ""].join("\n");
}

function indented(line: string): string[] {
  return wrapped(line, COLUMNS - 4).map((part, index) => `${index === 0 ? "  " : "    "}${part}`);
}

function subject({ size, region, priority }: Pick<PriceChange, "size" | "region" | "priority">): string {
  return `${size} in ${region}, ${NAMES[priority]}`;
}

function whyRefused({ usdPerHour, was }: PriceChange): string {
  if (usdPerHour <= 0) return `${usdPerHour} is no price; ${was === undefined ? "none is known" : `${was} stays`}`;
  // Without a price before, every price above 0 is taken.
  const before = was ?? 0;
  const far = usdPerHour > before ? `more than ${LARGEST_STEP} times` : "less than a third of";
  return `${usdPerHour} is ${far} ${before}; ${before} stays, --force takes it`;
}

function missingLines(missing: Refreshed["missing"]): string[] {
  const regions = [...new Set(missing.map(({ region }) => region))];
  return regions.flatMap((region) =>
    PRIORITIES.flatMap((priority) => {
      const sizes = missing.filter((each) => each.region === region && each.priority === priority).map(({ size }) => size);
      return sizes.length === 0 ? [] : [`${region} lists no ${NAMES[priority]} price of ${sizes.join(", ")}`];
    }),
  );
}
