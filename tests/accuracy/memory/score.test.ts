import type { MeasuredRow } from "./measured-file";
import type { CoveredPrediction, Prediction } from "./prediction";
import { errorOf, fitsRight, macro, type PredictedRow, score } from "./score";

const ROW: MeasuredRow = {
  ...{ id: "X", source: "s", task: "tune", method: "lora", metric: "allocated", scored: true },
  ...{ measuredGiB: 10, fitTest: undefined, configuration: {} },
};
const PREDICTION: CoveredPrediction = { covered: true, allocatedGiB: 10, reservedGiB: 11, driverGiB: 12, safeGiB: 14 };
const NONE: Prediction = { covered: false, why: "of a test" };
/** A run that allocated `measuredGiB`, beside what was predicted. */
const run = (measuredGiB: number, allocatedGiB: number, safeGiB = measuredGiB): PredictedRow => ({
  row: { ...ROW, measuredGiB },
  prediction: { ...PREDICTION, allocatedGiB, safeGiB },
});
const fitTest = (fits: boolean, cardGiB: number, prediction: Prediction = PREDICTION): PredictedRow => ({
  row: { ...ROW, metric: "fits", measuredGiB: undefined, fitTest: { fits, cardGiB } },
  prediction,
});

describe("errorOf", () => {
  it.each([
    ["allocated", 8, 10 / 8 - 1],
    ["reserved", 8, 11 / 8 - 1],
    ["driver", 8, 12 / 8 - 1],
    ["unknown, below the range", 8, 10 / 8 - 1],
    ["unknown, at its lower end", 10, 0],
    ["unknown, inside", 11, 0],
    ["unknown, at its upper end", 12, 0],
    ["unknown, above", 16, 12 / 16 - 1],
  ])("of a metric %s, measured %d", (name, measured, error) => {
    expect(errorOf(measured, name.split(",")[0] ?? "", PREDICTION)).toBeCloseTo(error, 12);
  });

  it("of a component is that of the component", () => {
    expect(errorOf(4, "weights", { ...PREDICTION, componentGiB: 5 })).toBeCloseTo(0.25, 12);
  });
});

describe("score", () => {
  it("counts rows, those covered, and takes the middle of the errors to both sides", () => {
    expect(score([run(10, 11), run(10, 7), run(10, 10)])).toMatchObject({ rows: 3, covered: 3, medianAbsError: 1.1 - 1 });
    expect(score([run(10, 11), run(10, 7), run(10, 10), run(10, 12)]).medianAbsError).toBeCloseTo(0.15, 12);
    expect(score([run(10, 11), { ...run(10, 5), prediction: NONE }])).toMatchObject({ rows: 2, covered: 1, medianAbsError: 1.1 - 1, within20: 1 });
  });

  it("has no share of nothing", () => {
    const nothing = { medianAbsError: null, within20: null, underBy10: null, aboveSafe: null, safeOver60: null };
    expect(score([])).toEqual({ ...nothing, rows: 0, covered: 0, fitWrong: 0, fitRows: 0 });
    expect(score([{ ...run(10, 10), prediction: NONE }])).toEqual({ ...nothing, rows: 1, covered: 0, fitWrong: 0, fitRows: 0 });
  });

  it.each([
    ["within20", [run(20, 24), run(20, 16), run(20, 24.01), run(20, 15.99)], 0.5],
    ["within20", [run(3, 3.6), run(7, 8.4), run(0.1, 0.12), run(1.1, 0.88)], 1],
    ["underBy10", [run(10, 9), run(10, 8.99), run(10, 5), run(10, 20)], 0.5],
    ["underBy10", [run(3, 2.7), run(0.2, 0.18), run(1.1, 0.99)], 0],
    ["aboveSafe", [run(10, 10, 10), run(10, 10, 9.99), run(10, 10, 30), run(10, 10, 11)], 0.25],
    ["safeOver60", [run(10, 10, 16), run(10, 10, 16.01), run(10, 10, 40), run(10, 10, 5)], 0.5],
    ["safeOver60", [run(3, 3, 4.8), run(0.3, 0.3, 0.48), run(0.7, 0.7, 1.12)], 0],
  ] as const)("counts the edge itself as good: %s of table %#", (figure, rows, share) => {
    expect(score(rows)[figure]).toBe(share);
  });

  it("compares the peak of any metric with what a GPU should have, a component with nothing", () => {
    const component: PredictedRow = { row: { ...ROW, metric: "weights", measuredGiB: 5 }, prediction: { ...PREDICTION, componentGiB: 5 } };
    expect(score([component])).toMatchObject({ rows: 1, covered: 1, medianAbsError: 0, aboveSafe: null, safeOver60: null });
    expect(score([component, { ...run(20, 20, 14), row: { ...ROW, metric: "unknown", measuredGiB: 20 } }])).toMatchObject({ rows: 2, aboveSafe: 1, safeOver60: 0 });
  });

  it("counts fit tests apart, and wrong where there is no prediction", () => {
    const tests = [fitTest(true, 12), fitTest(true, 11.9), fitTest(false, 11.9), fitTest(false, 12), fitTest(true, 80, NONE)];
    expect(tests.map(fitsRight)).toEqual([true, false, true, false, false]);
    expect(score(tests)).toMatchObject({ rows: 0, covered: 0, medianAbsError: null, fitWrong: 3, fitRows: 5 });
    expect(fitsRight(run(10, 10))).toBe(false);
  });
});

describe("macro", () => {
  it("gives every source one voice, and none to one without the figure", () => {
    const large = score(Array.from({ length: 9 }, () => run(10, 10)));
    const small = score([run(10, 5, 20), fitTest(true, 11)]);
    const none = score([{ ...run(10, 10), prediction: NONE }]);
    expect(macro([large, small, none])).toEqual({
      ...{ rows: 11 / 3, covered: 10 / 3, medianAbsError: 0.25, within20: 0.5, underBy10: 0.5, aboveSafe: 0, safeOver60: 0.5 },
      ...{ fitWrong: 1 / 3, fitRows: 1 / 3 },
    });
    expect(macro([])).toMatchObject({ rows: 0, covered: 0, medianAbsError: null, fitRows: 0 });
  });
});
