import { type Environment, ENVIRONMENTS } from "../components/plan/environment";
import { type Problem, refuse } from "../components/plan/refuse";
import { choiceProblems, unknownKeyProblems } from "../components/plan/spelling";

/** A resource that a rule leaves alone, and why. */
export interface Exemption {
  /** Name of the rule, or "all". */
  readonly rule: string;
  /** Logical name of the resource; a star stands for any characters. */
  readonly resource: string;
  /** Why, for whoever reviews it. */
  readonly reason: string;
}

/** What the rules of the pack are held against. */
export interface Parameters {
  /** What the stack is for: development is not held to the rules marked as production's. */
  readonly environment: Environment;
  /** Azure regions that resources may be in; empty allows any. */
  readonly allowedLocations: readonly string[];
  /** Sizes that GPU pools may have; empty allows any. */
  readonly allowedGpuSizes: readonly string[];
  /** Registries that images may come from, as hosts or as host and path; empty allows any. */
  readonly allowedRegistries: readonly string[];
  /** Most that all GPU pools of a stack may cost in USD per hour with every node running; 0 sets no limit. */
  readonly maxHourlyUsd: number;
  /** Namespaces of daemons that need the node itself, such as device plugins; the rules of the restricted standard leave them alone. */
  readonly privilegedNamespaces: readonly string[];
  readonly exempt: readonly Exemption[];
  /** Day on which ends of support are judged, as YYYY-MM-DD; empty means today. */
  readonly asOf: string;
}

/** Rules and nothing else: every region, size and registry is allowed, and nothing is exempt. */
export const DEFAULT_PARAMETERS: Parameters = {
  environment: "production",
  allowedLocations: [],
  allowedGpuSizes: [],
  allowedRegistries: [],
  maxHourlyUsd: 0,
  privilegedNamespaces: ["kube-system", "gatekeeper-system", "gpu-support", "gpu-operator", "kaito-workspace"],
  exempt: [],
  asOf: "",
};

const KEYS = Object.keys(DEFAULT_PARAMETERS);
const EXEMPTION_KEYS = ["rule", "resource", "reason"];
const LISTS = ["allowedLocations", "allowedGpuSizes", "allowedRegistries", "privilegedNamespaces"] as const;
const SUBJECT = "The policy pack's parameters";

/** Parameters over their defaults; refused, every fault at once, where any is not one. */
export function parametersOf(given: object, ruleNames: readonly string[]): Parameters {
  refuse(SUBJECT, parameterProblems(given, ruleNames));
  return { ...DEFAULT_PARAMETERS, ...given };
}

/** What is wrong with parameters as configuration holds them. */
export function parameterProblems(given: object, ruleNames: readonly string[]): readonly Problem[] {
  const values = given as Readonly<Record<string, unknown>>;
  return [
    ...unknownKeyProblems("AKSFT-POLICY-01", "", given, KEYS),
    ...environmentProblems(values["environment"]),
    ...LISTS.flatMap((name) => listProblems(name, values[name])),
    ...hourlyProblems(values["maxHourlyUsd"]),
    ...dayProblems(values["asOf"]),
    ...exemptionsProblems(values["exempt"], ruleNames),
  ];
}

function environmentProblems(got: unknown): readonly Problem[] {
  if (got === undefined || typeof got === "string") return choiceProblems("AKSFT-POLICY-02", "environment", got, ENVIRONMENTS);
  return [{ code: "AKSFT-POLICY-02", path: "environment", got, rule: `is none of ${ENVIRONMENTS.join(", ")}`, fix: 'use "production"' }];
}

function listProblems(path: string, got: unknown): readonly Problem[] {
  if (got === undefined || (Array.isArray(got) && got.every((each) => typeof each === "string" && each !== ""))) return [];
  return [{ code: "AKSFT-POLICY-03", path, got, rule: "must be a list of texts that are not empty", fix: "use a list, as [\"eastus\"]" }];
}

function hourlyProblems(got: unknown): readonly Problem[] {
  if (got === undefined || (typeof got === "number" && Number.isFinite(got) && got >= 0)) return [];
  return [{ code: "AKSFT-POLICY-04", path: "maxHourlyUsd", got, rule: "must be a number of USD per hour, 0 or more", fix: "use 0 for no limit" }];
}

function dayProblems(got: unknown): readonly Problem[] {
  if (got === undefined || got === "" || (typeof got === "string" && /^\d{4}-(0[1-9]|1[0-2])-\d\d$/.test(got))) return [];
  return [{ code: "AKSFT-POLICY-05", path: "asOf", got, rule: "must be a day as YYYY-MM-DD", fix: "leave it out for today" }];
}

function exemptionsProblems(got: unknown, ruleNames: readonly string[]): readonly Problem[] {
  if (got === undefined) return [];
  const path = "exempt";
  if (!Array.isArray(got)) return [{ code: "AKSFT-POLICY-06", path, got, rule: "must be a list of exemptions", fix: "use a list" }];
  return got.flatMap((each: unknown, index) => exemptionProblems(`${path}[${index}]`, each, ruleNames));
}

function exemptionProblems(path: string, got: unknown, ruleNames: readonly string[]): readonly Problem[] {
  if (typeof got !== "object" || got === null) {
    return [{ code: "AKSFT-POLICY-06", path, got, rule: "must name a rule, a resource and a reason", fix: "use an object with all three" }];
  }
  const exemption = got as Readonly<Record<string, unknown>>;
  const missing = EXEMPTION_KEYS.filter((key) => typeof exemption[key] !== "string" || exemption[key].trim() === "");
  const rule = exemption["rule"];
  return [
    ...unknownKeyProblems("AKSFT-POLICY-01", path, got, EXEMPTION_KEYS),
    ...missing.map(
      (key): Problem => ({
        ...{ code: "AKSFT-POLICY-07", path: `${path}.${key}`, got: exemption[key] },
        ...{ rule: "must be a text that is not empty", fix: `say the ${key}: an exemption without one cannot be reviewed` },
      }),
    ),
    ...(typeof rule === "string" && rule !== "" ? choiceProblems("AKSFT-POLICY-08", `${path}.rule`, rule, [...ruleNames, "all"]) : []),
  ];
}
