import { outcomes, waivers } from "./waivers";

describe("waivers", () => {
  it("say why, on whose word, and for what, once a check and scan", () => {
    for (const { reason, source, of } of waivers()) {
      expect(reason).toMatch(/^[A-Z].{30,}\.\s*$/s);
      expect(source).toMatch(/^https:\/\//);
      expect(of.length).toBeGreaterThan(0);
    }
    const waived = waivers().flatMap(({ check, of }) => of.map((name) => `${check} ${name}`));
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
