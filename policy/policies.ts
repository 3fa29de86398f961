import type { Policies, PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { stackViolations, violations } from "./evaluate";
import { type Parameters, parametersOf } from "./parameters";
import { readProperties } from "./resources/read";
import { type Resource, resource } from "./resources/resource";
import { enforcementOf, type ResourceRule, type Rule, type StackRule } from "./rule";
import { RULE_NAMES, RULES } from "./rules";
import { schema } from "./schema";

/** Name of the policy that reports nothing and whose configuration is that of all others. */
export const PARAMETERS = "parameters";

/** What the policies of a pack share. */
interface Held {
  /** Those of a program, then those of the engine's configuration over them. */
  parameters: Parameters;
  /**
   * Resources by their inputs, as far as the engine has shown them. Rules on stacks are judged by these: of outputs, a preview knows only what
   * the inputs say, and calls whatever they leave out unknown.
   */
  readonly seen: Map<string, Resource>;
}

/**
 * The rules as policies, for a pack of your own; `aks-fine-tuning/dist/policy` is the pack that has all of them and nothing else.
 *
 * Pulumi configures each policy by itself; parameters that many rules share are therefore the configuration of one, `parameters`, which
 * comes first and hands them on.
 *
 * @example
 * new PolicyPack("ours", { policies: policies({ environment: "development", maxHourlyUsd: 20 }) });
 */
export function policies(given: Partial<Parameters> = {}): Policies {
  const held: Held = { parameters: dated(parametersOf(given, RULE_NAMES)), seen: new Map() };
  return [parametersPolicy(held, given), ...RULES.map((rule) => policy(rule, held))];
}

function policy(rule: Rule, held: Held): ResourceValidationPolicy | StackValidationPolicy {
  return rule.scope === "resource" ? resourcePolicy(rule, held) : stackPolicy(rule, held);
}

function parametersPolicy(held: Held, given: Partial<Parameters>): ResourceValidationPolicy {
  return {
    ...{ name: PARAMETERS, enforcementLevel: "mandatory", severity: "low", configSchema: schema(parametersOf(given, RULE_NAMES)) },
    description: "Parameters of every rule: environment, allowed places, sizes, registries and cost, and what is exempt",
    // The engine hands over its configuration with each resource, and before any other policy of the pack sees it.
    validateResource: (args) => {
      const configured = Object.entries(args.getConfig<object>()).filter(([key]) => key !== "enforcementLevel");
      held.parameters = dated(parametersOf({ ...given, ...Object.fromEntries(configured) }, RULE_NAMES));
      held.seen.set(args.urn, readResource(args));
    },
  };
}

function dated(parameters: Parameters): Parameters {
  return parameters.asOf === "" ? { ...parameters, asOf: new Date().toISOString().slice(0, 10) } : parameters;
}

function resourcePolicy(rule: ResourceRule, held: Held): ResourceValidationPolicy {
  return {
    ...text(rule),
    validateResource: (args, report) => {
      violations(rule, readResource(args), held.parameters).forEach((fault) => report(fault));
    },
  };
}

function stackPolicy(rule: StackRule, held: Held): StackValidationPolicy {
  return {
    ...text(rule),
    validateStack: ({ resources }, report) => {
      const read = resources.map((each) => held.seen.get(each.urn) ?? readResource(each));
      stackViolations(rule, read, held.parameters).forEach(({ resource: { urn }, fault }) => report(fault, urn));
    },
  };
}

function readResource({ type, name, props, urn }: Pick<PolicyResource, "type" | "name" | "props" | "urn">): Resource {
  return resource(type, name, readProperties(props), urn);
}

function text(rule: Rule) {
  const { name, description, severity, remediation, url, ids = [], production } = rule;
  const tags = [...(production ? ["production"] : []), ...ids];
  return { name, description, severity, enforcementLevel: enforcementOf(rule), remediationSteps: remediation, url, tags };
}
