import { csvFile } from "../written-csv";
import { accuracyCommand, predictedRows } from "./command";
import type { Configuration } from "./measured-file";
import { predict } from "./predict";
import { report } from "./report";

const LLAMA: Configuration = { model: "Llama-3.1-8B", task: "tune", method: "qlora", metric: "driver", sequence_length: "2048", micro_batch: "1" };
const SERVED: Configuration = { ...LLAMA, task: "serve", method: "none", context_length: "4096" };
type Peak = "reservedGiB" | "driverGiB";
/** `times` what is predicted of a row, as a cell. */
function of(row: Configuration, peak: Peak, times: number): string {
  const prediction = predict(row);
  if (!prediction.covered) throw new Error(prediction.why);
  return String(times * prediction[peak]);
}
const measured = (id: string, row: Configuration, peak: Peak, times: number): Configuration => ({ ...row, id, measured_gib: of(row, peak, times) });
const fitted = (id: string, row: Configuration, fits: string, times: number): Configuration => ({ ...row, id, metric: "fits", measured_gib: "", fits, fits_gpu_gib: of(row, "driverGiB", times) });

const FULL = { ...LLAMA, method: "full" };
const UNKNOWN = { ...FULL, metric: "unknown" };
const FILE = csvFile([
  { ...measured("R1", LLAMA, "driverGiB", 1 / 1.05), source: "first/source page 1" },
  { ...measured("R2", LLAMA, "driverGiB", 1 / 0.85), source: "first/source page 2" },
  { ...measured("R3", LLAMA, "driverGiB", 9), source: "first/source not counted", scored: "no" },
  { ...measured("R4", UNKNOWN, "driverGiB", 1 / 0.75), source: "second" },
  { ...measured("R5", UNKNOWN, "reservedGiB", 1), source: "second" },
  { ...LLAMA, id: "R6", method: "adapter", measured_gib: "10", source: "second" },
  { ...LLAMA, id: "R7", measured_gib: "much", source: "third" },
  { ...fitted("R8", LLAMA, "yes", 1.01), source: "second" },
  { ...fitted("R9", LLAMA, "no", 1.01), source: "second" },
  { ...LLAMA, id: "R10", metric: "fits", fits: "yes", source: "third" },
  { ...measured("R11", SERVED, "driverGiB", 1 / 1.3), source: "second" },
  { ...LLAMA, id: "R12", optimizer: "lion", measured_gib: "10", source: "first/source" },
]);

describe("report", () => {
  const result = report(predictedRows(FILE));
  const figures = ["rows", "covered", "medianAbsError", "within20", "underBy10", "aboveSafe", "safeOver60", "fitWrong", "fitRows"];

  it("has every figure in all, averaged, by source and by method, and serving apart", () => {
    const parsed = JSON.parse(accuracyCommand([FILE, "--json"])) as typeof result;
    expect(parsed).toEqual(JSON.parse(JSON.stringify(result)));
    expect(Object.keys(parsed)).toEqual(["all", "macro", "bySource", "byMethod", "unknownMetric", "serving", "notCovered", "fitsWrong"]);
    expect(Object.keys(parsed.serving)).toEqual(["all", "macro", "bySource", "byMethod", "unknownMetric"]);
    expect(Object.keys(parsed.bySource)).toEqual(["first/source", "second"]);
    expect(Object.keys(parsed.byMethod)).toEqual(["qlora", "full", "adapter"]);
    expect(Object.keys(parsed.serving.bySource)).toEqual(["second"]);
    const scores = [parsed, parsed.serving].flatMap(({ all, macro, bySource, byMethod, unknownMetric }) => [all, macro, unknownMetric, ...Object.values(bySource), ...Object.values(byMethod)]);
    expect(scores.map((score) => Object.keys(score))).toEqual(scores.map(() => figures));
  });

  it("counts rows with a number, tests of a card apart, and none that is not scored", () => {
    expect(result.all).toMatchObject({ rows: 6, covered: 4, within20: 0.75, underBy10: 0.5, fitWrong: 1, fitRows: 2 });
    expect(result.bySource).toMatchObject({ "first/source": { rows: 3, covered: 2, fitRows: 0 }, second: { rows: 3, covered: 2, fitRows: 2 } });
    expect(result.bySource["first/source"]?.medianAbsError).toBeCloseTo(0.1, 9);
    expect(result.unknownMetric).toMatchObject({ rows: 2, covered: 2, within20: 0.5 });
    expect(result.macro).toMatchObject({ rows: 3, covered: 2, fitRows: 1, fitWrong: 0.5, within20: 0.75, underBy10: 0.5 });
    expect(result.serving.all).toMatchObject({ rows: 1, covered: 1, within20: 0, fitRows: 0 });
  });

  it("says why a row is not covered, and which tests were wrong", () => {
    expect(result.notCovered).toEqual([
      { id: "R6", why: 'method "adapter" is none of full, lora, qlora, dora' },
      { id: "R7", why: "measured_gib is no number above 0" },
      { id: "R10", why: "fits is neither yes nor no, or fits_gpu_gib is no number" },
      { id: "R12", why: 'optimizer "lion" is none of adamw, adam, adamw-fused, adamw-8bit, adamw-4bit, paged-adamw, paged-adamw-8bit, sgd' },
    ]);
    expect(result.fitsWrong).toEqual(["R9"]);
  });

  it("counts every row of a file that does not say which count, and names rows without an id by their place", () => {
    const row = { ...LLAMA, measured_gib: of(LLAMA, "driverGiB", 1), source: "first" };
    expect(report(predictedRows(csvFile([row, { ...row, model: "Elsewhere" }])))).toMatchObject({
      all: { rows: 2, covered: 1 },
      notCovered: [{ id: "row 2", why: "the dimensions of Elsewhere are not known" }],
    });
  });
});

describe("the text of the report", () => {
  it("is a table with what is not covered below", () => {
    const [first = "", ...lines] = accuracyCommand([FILE]).split("\n");
    expect(first).toMatch(/^Predicted against measured memory, \S+rows\.csv$/);
    expect(lines).toEqual([
      "",
      "                 rows  covered  median  within 20 %  under by 10 %  above safe  safe over 60 %  fits wrong",
      "Tuning",
      "first/source        3        2  10.0 %      100.0 %         50.0 %       0.0 %           0.0 %           –",
      "second              3        2  12.5 %       50.0 %         50.0 %      50.0 %           0.0 %      1 of 2",
      "method qlora        3        2  10.0 %      100.0 %         50.0 %       0.0 %           0.0 %      1 of 2",
      "method full         2        2  12.5 %       50.0 %         50.0 %      50.0 %           0.0 %           –",
      "method adapter      1        0       –            –              –           –               –           –",
      "metric not said     2        2  12.5 %       50.0 %         50.0 %      50.0 %           0.0 %           –",
      "all                 6        4  10.0 %       75.0 %         50.0 %      25.0 %           0.0 %      1 of 2",
      "macro               3        2  11.2 %       75.0 %         50.0 %      25.0 %           0.0 %    0.5 of 1",
      "",
      "Serving",
      "second              1        1  30.0 %        0.0 %          0.0 %       0.0 %           0.0 %           –",
      "method none         1        1  30.0 %        0.0 %          0.0 %       0.0 %           0.0 %           –",
      "all                 1        1  30.0 %        0.0 %          0.0 %       0.0 %           0.0 %           –",
      "macro               1        1  30.0 %        0.0 %          0.0 %       0.0 %           0.0 %           –",
      "",
      "median: absolute error. under by 10 %: predicted more than a tenth too low. above safe: measured more than the estimate says a GPU should have.",
      "safe over 60 %: that is more than 1.6 times what was measured. macro: the mean over sources.",
      'not covered, method "adapter" is none of full, lora, qlora, dora: R6',
      "not covered, measured_gib is no number above 0: R7",
      "not covered, fits is neither yes nor no, or fits_gpu_gib is no number: R10",
      'not covered, optimizer "lion" is none of adamw, adam, adamw-fused, adamw-8bit, adamw-4bit, paged-adamw, paged-adamw-8bit, sgd: R12',
      "fit tests that went wrong: R9",
      "",
    ]);
  });

  it("has no part for what the file has not", () => {
    const lines = accuracyCommand([csvFile([{ ...measured("R1", SERVED, "driverGiB", 1), source: "one" }])]).split("\n");
    expect(lines).toContain("Serving");
    expect(lines).not.toContain("Tuning");
    expect(lines.filter((line) => line.startsWith("metric not said"))).toEqual([]);
  });

  it("lists every row that counts, worst first, if asked", () => {
    const lines = accuracyCommand([FILE, "--rows"]).split("\n");
    expect(lines[0]).toMatch(/^row +source +model +method +metric +measured +allocated +driver +safe +error$/);
    expect(lines.slice(1, 6).map((line) => [line.split(" ")[0], line.slice(-8).trim()])).toEqual([
      ["R11", "+30.0 %"],
      ["R4", "-25.0 %"],
      ["R2", "-15.0 %"],
      ["R1", "+5.0 %"],
      ["R5", "+0.0 %"],
    ]);
  });
});
