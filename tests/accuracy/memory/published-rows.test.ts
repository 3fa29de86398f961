import { readCsv } from "../csv-file";
import { csvFile } from "../written-csv";
import { MEASURED_FILE, predictedRows } from "./command";
import { report } from "./report";
import { macro, score, type Score } from "./score";

const PREDICTED = predictedRows(MEASURED_FILE);
const { all, macro: mean, bySource, fitsWrong, notCovered, serving } = report(PREDICTED);

/** Sources that no constant of the estimator was set with: see components/plan/sizing/memory/constants.ts. */
const CHECK = ["pytorch/torchtune", "axolotl-ai-cloud/axolotl", "AnswerDotAI/fsdp_qlora"];
const checked = PREDICTED.filter(({ row }) => row.scored && row.task === "tune" && CHECK.includes(row.source));

describe("the memory of published tuning runs", () => {
  it("is predicted for at least nine in ten of them", () => {
    const coverage = Object.values(bySource).map(({ rows, covered }) => covered / rows);
    expect(coverage.reduce((sum, each) => sum + each, 0) / coverage.length).toBeGreaterThanOrEqual(0.9);
    expect(mean.covered / mean.rows).toBeGreaterThanOrEqual(0.9);
    expect(new Set(notCovered.map(({ why }) => why))).toEqual(new Set(['method "adapter" is none of full, lora, qlora, dora']));
  });

  it("is near, averaged over sources", () => {
    expect(mean.medianAbsError).toBeLessThanOrEqual(0.08);
    expect(mean.within20).toBeGreaterThanOrEqual(0.82);
    expect(mean.underBy10).toBeLessThanOrEqual(0.15);
  });

  it("is safe without waste, and every card is right", () => {
    expect(all).toMatchObject({ rows: 191, fitRows: 20, fitWrong: 0 });
    expect(all.aboveSafe).toBeLessThanOrEqual(0.03);
    expect(all.safeOver60).toBeLessThanOrEqual(0.1);
    expect(fitsWrong).toEqual([]);
  });

  it.each<[string, Score]>([
    ["row by row", score(checked)],
    ["averaged over sources", macro(CHECK.map((source) => score(checked.filter(({ row }) => row.source === source))))],
  ])("holds for sources that no constant was set with, %s", (_, { rows, medianAbsError, underBy10 }) => {
    expect(rows).toBeGreaterThan(15);
    expect(medianAbsError).toBeLessThanOrEqual(0.12);
    expect(underBy10).toBeLessThanOrEqual(0.2);
  });
});

describe("the memory of published servers", () => {
  it("is predicted for all of them, as near as that of tuning", () => {
    expect(serving.all).toMatchObject({ rows: 53, covered: 53, fitRows: 3, fitWrong: 0 });
    expect(serving.macro.medianAbsError).toBeLessThanOrEqual(0.08);
    expect(serving.macro.within20).toBeGreaterThanOrEqual(0.82);
    expect(serving.macro.underBy10).toBeLessThanOrEqual(0.15);
    expect(serving.all.safeOver60).toBeLessThanOrEqual(0.1);
  });
});

describe("predictions of all published rows", () => {
  const rows = readCsv(MEASURED_FILE, []);

  it("see nothing of what was measured", () => {
    const seen = new Set(PREDICTED.flatMap(({ row }) => Object.keys(row.configuration)));
    expect(["measured_gib", "unit_note", "fits", "fits_gpu_gib", "scored"].filter((column) => seen.has(column))).toEqual([]);
    expect(seen.size).toBe(33);
  });

  it("do not depend on what was measured, or on who measured it", () => {
    const scrambled = rows.map((row, index) => ({
      ...row,
      ...{ id: `X${index}`, source: "somebody", measured_gib: String(1 + ((index * 7919) % 351)), unit_note: "GB" },
      ...{ fits: index % 2 === 0 ? "yes" : "no", fits_gpu_gib: String(index), scored: index % 3 === 0 ? "no" : "yes" },
    }));
    const again = predictedRows(csvFile(scrambled));
    expect(again).toHaveLength(351);
    expect(again.map(({ prediction }) => prediction)).toEqual(PREDICTED.map(({ prediction }) => prediction));
  });

  it("rise from allocated to safe", () => {
    const covered = PREDICTED.flatMap(({ prediction }) => (prediction.covered ? [prediction] : []));
    expect(covered.length).toBeGreaterThan(240);
    const falling = covered.filter(({ allocatedGiB, reservedGiB, driverGiB, safeGiB }) => !(allocatedGiB > 0 && allocatedGiB <= reservedGiB && reservedGiB <= driverGiB && driverGiB <= safeGiB));
    expect(falling).toEqual([]);
  });
});
