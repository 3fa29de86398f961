import type { Parameters } from "../../parameters";
import { type Container, containersOf, namespaceOf, POD_KINDS, podOf } from "../../resources/pods";
import type { Resource } from "../../resources/resource";
import { UNKNOWN, type Value } from "../../resources/value";
import type { ResourceRule } from "../../rule";
import { rule, type Text } from "../settings";

/** A rule of the pods that a resource makes. */
export function podRule(check: (pod: Value, parameters: Parameters) => readonly string[], text: Text, kinds: readonly string[] = POD_KINDS): ResourceRule {
  return rule(kinds, (each, parameters) => check(podOf(each), parameters), text);
}

/** A rule of every container of those pods. */
export function containerRule(check: (container: Value, pod: Value) => readonly string[], text: Text, kinds: readonly string[] = POD_KINDS): ResourceRule {
  return podRule((pod) => inEveryContainer(pod, check), text, kinds);
}

export function inEveryContainer(pod: Value, check: (container: Value, pod: Value) => readonly string[]): readonly string[] {
  return containersOf(pod).flatMap(({ where, container }: Container) => check(container, pod).map((fault) => `${where}.${fault}`));
}

/** The same rule, which leaves alone namespaces of daemons that need the node itself. */
export function unprivileged(each: ResourceRule): ResourceRule {
  return { ...each, check: (resource, parameters) => (isPrivileged(resource, parameters) ? [] : each.check(resource, parameters)) };
}

function isPrivileged(resource: Resource, { privilegedNamespaces }: Parameters): boolean {
  const namespace = namespaceOf(resource);
  return namespace === UNKNOWN || privilegedNamespaces.includes(namespace);
}
