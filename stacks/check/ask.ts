import { type Problem, problemsOf } from "../../components/plan/refuse";

/** The problems of one plan, each under the key of the configuration that its argument came from. */
export function ask(plan: () => unknown, keyOf: (path: string) => string): Problem[] {
  return problemsOf(plan).map((problem) => ({ ...problem, path: keyOf(problem.path) }));
}

/** What a plan decides; undefined where it is refused, which is said elsewhere. */
export function ifAllowed<Plan>(plan: () => Plan): Plan | undefined {
  let decided: Plan | undefined;
  const problems = problemsOf(() => (decided = plan()));
  return problems.length > 0 ? undefined : decided;
}

/** Arguments under their component's key; `name` is the last key itself where a thing is listed by its name. */
export function under(...keys: readonly string[]): (path: string) => string {
  return (path) => (path === "name" && keys.length > 1 ? keys : [...keys, path]).join(".");
}
