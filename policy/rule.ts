import type { Parameters } from "./parameters";
import type { Resource } from "./resources/resource";

/** How much a violation matters. Rules of severity critical and high stop a deployment unless the pack is configured otherwise; others advise. */
export type Severity = "low" | "medium" | "high" | "critical";

/** What every rule says of itself. */
interface RuleText {
  /** Stable: configurations and exemptions name it. */
  readonly name: string;
  readonly severity: Severity;
  /** What must hold. */
  readonly description: string;
  /** What to change, in Azure's or Kubernetes' terms, with the argument of this library's component where there is one. */
  readonly remediation: string;
  /** Public page that asks for it. */
  readonly url: string;
  /** The same check in public rule sets: PSRule for Azure, Checkov, Pod Security Standards. */
  readonly ids?: readonly string[];
  /** Held against production alone: development is cheaper and looser on purpose. */
  readonly production?: true;
}

/** A rule that one resource's inputs decide. */
export interface ResourceRule extends RuleText {
  readonly scope: "resource";
  /** Kinds that it looks at. */
  readonly kinds: readonly string[];
  /** What is wrong with the resource, one sentence each, without what to do about it; none where an input that decides is unknown. */
  readonly check: (resource: Resource, parameters: Parameters) => readonly string[];
}

/** What is wrong, and with which resource of the stack. */
export interface StackFault {
  readonly resource: Resource;
  readonly fault: string;
}

/** A rule that takes several resources of a stack to decide. */
export interface StackRule extends RuleText {
  readonly scope: "stack";
  readonly check: (resources: readonly Resource[], parameters: Parameters) => readonly StackFault[];
}

export type Rule = ResourceRule | StackRule;

/** Whether a violation stops the deployment, where the pack's configuration says nothing. */
export function enforcementOf({ severity }: Rule): "mandatory" | "advisory" {
  return severity === "critical" || severity === "high" ? "mandatory" : "advisory";
}

/** A rule that does not apply: made for another environment, or the resource is exempt. */
export function applies(rule: Rule, parameters: Parameters): boolean {
  return rule.production !== true || parameters.environment === "production";
}

/** Whether a resource is exempt from a rule, by its logical name. */
export function isExempt(rule: Rule, name: string, { exempt }: Parameters): boolean {
  return exempt.some((each) => (each.rule === rule.name || each.rule === "all") && matches(each.resource, name));
}

/** A star stands for any characters. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(name);
}
