import type { Resource } from "../resources/resource";
import { at, isNot, shown, type Value } from "../resources/value";
import type { ResourceRule } from "../rule";

/** What a rule says of itself, and what it looks at. */
export type Text = Omit<ResourceRule, "scope" | "kinds" | "check">;

/** The fault of a setting that is known and none of the accepted values, none or one. */
export function unless({ props }: Resource, path: string, ...accepted: readonly Value[]): readonly string[] {
  return wrong(props, path, ...accepted);
}

/** The same of part of a resource. */
export function wrong(props: Value, path: string, ...accepted: readonly Value[]): readonly string[] {
  const value = at(props, path);
  return isNot(value, ...accepted) ? [`${path} is ${shown(value)}`] : [];
}

/** A rule that asks for one of a few values of one setting. */
export function settingRule(kinds: readonly string[], path: string, accepted: readonly Value[], text: Text): ResourceRule {
  return { ...text, scope: "resource", kinds, check: (each) => unless(each, path, ...accepted) };
}

/** A rule that a function decides. */
export function rule(kinds: readonly string[], check: ResourceRule["check"], text: Text): ResourceRule {
  return { ...text, scope: "resource", kinds, check };
}
