import { unknownCheckingProxy } from "@pulumi/policy";
import { stackViolations, violations } from "../../../policy/evaluate";
import { parametersOf, type Parameters } from "../../../policy/parameters";
import { type Guarded, readProperties } from "../../../policy/resources/read";
import { type Resource, resource } from "../../../policy/resources/resource";
import { RULE_NAMES, RULES } from "../../../policy/rules";
import type { Declared } from "./declared";

/** The day on which the tests judge ends of support. */
const TODAY = "2026-11-24";

/** The framework exports it without its type. */
const guarded = unknownCheckingProxy as (inputs: Declared["props"]) => Guarded;

/** A resource as the engine hands it to the pack, behind the framework's own guard of unknown values. */
export function handed({ type, name, props }: Declared): Resource {
  const urn = `urn:pulumi:test::aks-fine-tuning::${type}::${name}`;
  return resource(type, name, readProperties(guarded(props)), urn);
}

export interface Report {
  readonly rule: string;
  readonly resource: string;
  /** What is wrong, without what to do about it. */
  readonly fault: string;
}

/** Everything that rules on single resources report. */
export function reported(declared: readonly Declared[], given: Partial<Parameters> = {}): readonly Report[] {
  const parameters = parametersOf({ asOf: TODAY, ...given }, RULE_NAMES);
  const resources = declared.map(handed);
  return RULES.flatMap((rule) =>
    rule.scope === "stack"
      ? []
      : resources.flatMap((each) => violations(rule, each, parameters).map((message) => ({ rule: rule.name, resource: each.name, fault: faultOf(message) }))),
  );
}

/** Everything that rules on stacks report. */
export function reportedOfStack(declared: readonly Declared[], given: Partial<Parameters> = {}): readonly Report[] {
  const parameters = parametersOf({ asOf: TODAY, ...given }, RULE_NAMES);
  const resources = declared.map(handed);
  return RULES.flatMap((rule) =>
    rule.scope === "stack"
      ? stackViolations(rule, resources, parameters).map(({ resource: { name }, fault }) => ({ rule: rule.name, resource: name, fault: faultOf(fault) }))
      : [],
  );
}

function faultOf(message: string): string {
  return message.split("; fix: ")[0] ?? "";
}
