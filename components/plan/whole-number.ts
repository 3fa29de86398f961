import type { Problem } from "./refuse";

/** The problem of a count outside its bounds, none or one. */
export function wholeNumber(code: Problem["code"], path: string, got: number, least: number, most: number): Problem[] {
  if (Number.isInteger(got) && got >= least && got <= most) return [];
  const clamped = Number.isFinite(got) ? Math.min(Math.max(Math.round(got), least), most) : least;
  return [{ code, path, got, rule: `must be a whole number from ${least} to ${most}`, fix: `use ${clamped}` }];
}
