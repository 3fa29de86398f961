import type { PolicyConfigSchema } from "@pulumi/policy";
import { ENVIRONMENTS } from "../components/plan/environment";
import type { Parameters } from "./parameters";
import { RULE_NAMES } from "./rules";

const texts = (description: string, fallback: readonly string[]) => ({
  type: "array" as const,
  description,
  items: { type: "string" as const, minLength: 1 },
  default: [...fallback],
});
const required = (description: string) => ({ type: "string" as const, description, minLength: 1 });

/** The parameters as the engine checks them before anything runs; those that it is not given are these. */
export function schema(defaults: Parameters): PolicyConfigSchema {
  return { properties: properties(defaults) };
}

function properties(defaults: Parameters): PolicyConfigSchema["properties"] {
  return {
    environment: {
      ...{ type: "string", enum: [...ENVIRONMENTS], default: defaults.environment },
      description: "What the stack is for; development is not held to the rules marked as production's",
    },
    allowedLocations: texts("Azure regions that resources may be in; empty allows any", defaults.allowedLocations),
    allowedGpuSizes: texts("Sizes that GPU pools may have; empty allows any", defaults.allowedGpuSizes),
    allowedRegistries: texts("Registries that images may come from, as host or as host and path; empty allows any", defaults.allowedRegistries),
    maxHourlyUsd: {
      ...{ type: "number", minimum: 0, default: defaults.maxHourlyUsd },
      description: "Most that all GPU pools of a stack may cost in USD per hour with every node running; 0 sets no limit",
    },
    privilegedNamespaces: texts("Namespaces of daemons that need the node itself; the restricted standard leaves them alone", defaults.privilegedNamespaces),
    exempt: {
      ...{ type: "array", default: defaults.exempt.map((each) => ({ ...each })), description: "Resources that a rule leaves alone, each with the reason" },
      items: {
        type: "object",
        properties: {
          rule: { ...required("Name of the rule, or all"), enum: [...RULE_NAMES, "all"] },
          resource: required("Logical name of the resource; a star stands for any characters"),
          reason: required("Why, for whoever reviews it"),
        },
        required: ["rule", "resource", "reason"],
        additionalProperties: false,
      },
    },
    asOf: { type: "string", default: defaults.asOf, description: "Day on which ends of support are judged, as YYYY-MM-DD; empty means today" },
  };
}
