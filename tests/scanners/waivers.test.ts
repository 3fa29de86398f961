import { outcomes, type Waiver, waivers } from "./waivers";

describe("waivers", () => {
  it("say why, on whose word, and for what, once a check and scan", () => {
    const all: readonly Waiver[] = Object.values(waivers()).flat();
    for (const { reason, source, of } of all) {
      expect(reason).toMatch(/^[A-Z].{30,}\.\s*$/s);
      expect(source).toMatch(/^https:\/\//);
      expect(of.length).toBeGreaterThan(0);
    }
    const waived = all.flatMap(({ check, of }) => of.map((name) => `${check} ${name}`));
    expect(waived).toEqual([...new Set(waived)]);
  });

  it("are counted against checks that failed anywhere or looked at nothing", () => {
    const verdicts = new Map([
      ["A", [{ resource: "one", passed: true }]],
      ["B", [{ resource: "one", passed: true }, { resource: "two", passed: false }]],
    ]);
    expect(outcomes(["A", "B", "C"], verdicts)).toEqual({ passed: ["A"], missed: ["B", "C"] });
  });
});
