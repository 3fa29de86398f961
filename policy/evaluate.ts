import type { Parameters } from "./parameters";
import type { Resource } from "./resources/resource";
import { applies, isExempt, type ResourceRule, type StackFault, type StackRule } from "./rule";

/** What a rule reports on a resource, each with what to do about it. */
export function violations(rule: ResourceRule, resource: Resource, parameters: Parameters): readonly string[] {
  if (!applies(rule, parameters) || !looksAt(rule, resource.kind) || isExempt(rule, resource.name, parameters)) return [];
  return rule.check(resource, parameters).map((fault) => message(rule, fault));
}

/** What a rule reports on the resources of a stack. */
export function stackViolations(rule: StackRule, resources: readonly Resource[], parameters: Parameters): readonly StackFault[] {
  if (!applies(rule, parameters)) return [];
  return rule
    .check(resources, parameters)
    .filter(({ resource }) => !isExempt(rule, resource.name, parameters))
    .map(({ resource, fault }) => ({ resource, fault: message(rule, fault) }));
}

/** A kind that ends with a star stands for every kind of a provider. */
function looksAt({ kinds }: ResourceRule, kind: string): boolean {
  return kinds.some((each) => (each.endsWith("*") ? kind.startsWith(each.slice(0, -1)) : each === kind));
}

function message({ remediation }: ResourceRule | StackRule, fault: string): string {
  return `${fault}; fix: ${remediation}`;
}
