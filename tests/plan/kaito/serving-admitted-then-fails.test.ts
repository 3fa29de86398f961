import { planKaitoServing } from "../../../components/plan/kaito/serving";
import { ADMITTED_THEN_FAILS_SERVING } from "../../support/kaito-admitted-then-fails-serving";
import { COMPLETE_PROBLEM, problemsOf } from "../../support/refusal";

describe("what KAITO's admission lets through and then fails", () => {
  it.each(ADMITTED_THEN_FAILS_SERVING.map((each) => [each.title, each] as const))("is refused: %s", (_, { arguments: given, code, instead }) => {
    const problems = problemsOf(() => planKaitoServing("tickets", given));
    expect(problems).toEqual([expect.stringMatching(COMPLETE_PROBLEM)]);
    expect(problems[0]).toMatch(new RegExp(`^${code} `));
    expect(planKaitoServing("tickets", instead).name).toBe("tickets");
  });
});
