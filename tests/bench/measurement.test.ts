import { fastest, median, type Measurement, missed, table } from "../../bench/measurement";

const MACHINE = { processor: "Abacus", cores: 2, memoryGiB: 24, system: "Linux 6", node: "v24.0.0", load: 0.1 };
const within: Measurement = { name: "preview", value: 4, cpu: 3.456, unit: "s", budget: 4, note: "fastest of 5" };
const beyond: Measurement = { name: "memory", value: 150.1, unit: "MB", budget: 150, note: "fastest of 5" };
const told: Measurement = { name: "writes", value: 21, unit: "writes", note: "from nothing" };

describe("measurements", () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 2, 10], 3],
  ])("take the middle of %j", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("count what the fastest took, each figure by itself", () => {
    expect(fastest([{ seconds: 3, cpuSeconds: 1 }, { seconds: 2, cpuSeconds: 1.5 }])).toEqual({ seconds: 2, cpuSeconds: 1 });
  });

  it("miss a budget above it, not on it, and none where there is none", () => {
    expect([within, beyond, told].map(missed)).toEqual([false, true, false]);
  });

  it("are printed with budget, verdict and machine", () => {
    expect(table([within, beyond, told], MACHINE)).toBe(
      [
        "What         Value     CPU    Budget  Verdict",
        "preview     4.00 s  3.46 s  ≤ 4.00 s  met",
        "memory      150 MB          ≤ 150 MB  MISSED",
        "writes   21 writes",
        "",
        "preview, memory: fastest of 5",
        "writes: from nothing",
        "",
        "On 2 × Abacus, 24 GiB, Linux 6, Node v24.0.0; load 0.1 before",
        "",
      ].join("\n"),
    );
  });
});
