import { reportOf } from "../../../cli/report/model/report";
import type { Sum } from "../../../cli/report/model/cost";
import { previewOf } from "../../../cli/report/read/read";
import { digestOf } from "../../support/composed-preview";
import { COMPOSED } from "../../support/composed-situations";

/**
 * By hand, in USD per hour, from the catalogue's list prices in eastus: NC24ads_A100_v4 3.673, as spot 0.444433; NV36ads_A10_v5 3.2;
 * NC6s_v3 3.06; NC40ads_H100_v5 as spot and ND999_X1000_v9 have none.
 */
const TABLE: Readonly<Record<string, readonly [now: number, after: number, mostNow: number, mostAfter: number, unpriced?: readonly [after: number, most: number]]>> = {
  // One run starts on one spot node; the service waits for its adapter. At most 4 × 0.444433 + 4 × 3.2.
  "first-deploy": [0, 0.444433, 0, 14.577732],
  // Two replicas of one GPU each: 2 × 3.2.
  "no-change": [6.4, 6.4, 14.577732, 14.577732],
  "new-run": [6.4, 6.844433, 14.577732, 14.577732],
  // 2 × 3.673 instead of 2 × 3.2; at most 4 × 0.444433 + 4 × 3.673.
  "pool-size": [6.4, 7.346, 14.577732, 16.469732],
  // 4 × 3.673 + 4 × 3.2.
  "spot-to-regular": [6.4, 6.4, 14.577732, 27.492],
  // The run starts anew.
  "cluster-replaced": [6.4, 6.844433, 14.577732, 14.577732],
  "adapter-promoted": [6.4, 6.4, 14.577732, 14.577732],
  "service-deleted": [6.4, 0, 14.577732, 14.577732],
  failed: [0, 0, 0, 0],
  // 200 runs share the four nodes that the pool may have: 6.4 + 4 × 0.444433.
  "200-runs": [6.4, 8.177732, 14.577732, 14.577732],
  // 14.577732 + 2 × 3.06, and 3 + 2 nodes that nobody knows a price of, one of which is always there.
  unpriced: [6.4, 6.4, 14.577732, 20.697732, [1, 5]],
  // KAITO's own nodes: two replicas of two nodes each, 4 × 3.2, and one of 3.673 for the run that starts.
  kaito: [12.8, 16.473, 12.8, 16.473],
};

describe("the cost in a report", () => {
  it.each(Object.entries(TABLE))("of %s agrees with what was computed by hand", (name, [now, after, mostNow, mostAfter, [unpricedAfter, unpricedMost] = [0, 0]]) => {
    const composed = COMPOSED[name];
    const { cost } = reportOf(previewOf(digestOf(composed ?? { steps: [] })));
    const micros = ({ usdPerHour, unpricedNodes }: Sum) => [Math.round(usdPerHour * 1e6), unpricedNodes];
    const expected = (usd: number, nodes: number) => [Math.round(usd * 1e6), nodes];
    expect([cost.now, cost.after, cost.mostNow, cost.mostAfter].map(micros)).toEqual([
      expected(now, 0),
      expected(after, unpricedAfter),
      expected(mostNow, 0),
      expected(mostAfter, unpricedMost),
    ]);
  });

  it("has every composed situation in its table", () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(COMPOSED));
  });

  it.each([
    [14.577732, false],
    [14.57, true],
  ])("is held against a budget of %d", (budgetUsdPerHour, over) => {
    const composed = COMPOSED["no-change"];
    expect(reportOf(previewOf(digestOf(composed ?? { steps: [] })), { budgetUsdPerHour }).cost.overBudget).toBe(over);
  });

  it("cannot say that a budget is kept while prices are missing", () => {
    const composed = COMPOSED["unpriced"];
    const overBudget = (budgetUsdPerHour: number) => reportOf(previewOf(digestOf(composed ?? { steps: [] })), { budgetUsdPerHour }).cost.overBudget;
    expect([overBudget(20), overBudget(21)]).toEqual([true, undefined]);
  });

  it("takes given prices before the catalogue's", () => {
    const prices = { Standard_NV36ads_A10_v5: { eastus: { Regular: { usdPerHour: 1 } } } };
    const composed = COMPOSED["no-change"];
    expect(reportOf(previewOf(digestOf(composed ?? { steps: [] })), { prices }).cost.now.usdPerHour).toBe(2);
  });
});
