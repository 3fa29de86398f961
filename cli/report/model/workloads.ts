import { clean } from "../clean";
import { type JsonObject, listOf, member, numberOf, objectOf, textOf } from "../read/json";
import type { State } from "../read/preview";
import { nameOf } from "../read/states";
import { isUnknown } from "../values";
import type { Action, Change } from "./change";
import { componentClass, inputAt, isKeeperJob, isServingDeployment, isTuningJob, poolLabelOf } from "./things";

/** What a TuningJob says of its run. */
export interface RunState {
  readonly runId: string;
  readonly model: string | undefined;
  readonly method: string | undefined;
  readonly size: string | undefined;
  readonly priority: string | undefined;
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly rows: number | undefined;
  readonly reason: string | undefined;
  readonly hours: Range | undefined;
  readonly usd: Range | undefined;
  readonly pool: string | undefined;
  /** What the run's record says: declared, preflight, queued, tuning, pushing, pushed, failed, … */
  readonly recorded: string | undefined;
}

export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Run {
  readonly name: string;
  readonly action: Action;
  readonly old: RunState | undefined;
  readonly new: RunState | undefined;
}

/** A server, by its component and its Deployment together. */
export interface ServiceState {
  readonly model: string | undefined;
  readonly replicas: number | undefined;
  /** Adapters with what tells their images apart; undefined where that is not known yet. */
  readonly adapters: readonly { readonly name: string; readonly digest: string | undefined }[];
  readonly pool: string | undefined;
  readonly size: string | undefined;
}

export interface Service {
  readonly name: string;
  readonly action: Action;
  readonly old: ServiceState | undefined;
  readonly new: ServiceState | undefined;
}

/** Runs by their components; one whose Job is replaced starts anew, though the component stays. */
export function runsOf(changes: readonly Change[]): readonly Run[] {
  const replaced = new Set(changes.filter((change) => change.action === "replace" && (isTuningJob(change) || isKeeperJob(change))).map(({ parent }) => parent));
  return changes.filter(({ type }) => componentClass(type) === "TuningJob").map((change) => runOf(change, replaced.has(change.urn)));
}

function runOf({ name, action: own, old, new: after }: Change, replaced: boolean): Run {
  const action = replaced && (own === "same" || own === "update") ? "replace" : own;
  return { name, action, old: action === "create" ? undefined : runState(old), new: action === "delete" ? undefined : runState(after) };
}

function runState(state: State | undefined): RunState | undefined {
  if (!state) return undefined;
  const { inputs, outputs } = state;
  const reason = text(inputs["reason"], 400);
  // Before inputs named model and method, the reason did.
  const told = /: (\w+) of (\S+) at \d+ tokens/.exec(reason ?? "");
  return {
    runId: text(inputs["runId"], 20) ?? "unknown",
    model: text(inputs["model"], 80) ?? told?.[2],
    method: text(inputs["method"], 20) ?? told?.[1],
    size: text(inputAt(inputs, "shape", "size"), 60),
    priority: text(inputs["priority"], 10),
    nodes: numberOf(inputAt(inputs, "shape", "nodes")) ?? 1,
    gpusPerNode: numberOf(inputAt(inputs, "shape", "gpusPerNode")) ?? 1,
    rows: numberOf(inputs["rows"]),
    reason,
    hours: rangeOf(inputs["hours"]),
    usd: rangeOf(inputs["usd"]),
    pool: poolLabelOf(inputs["nodeSelector"]),
    recorded: text(inputAt(outputs["record"], "state"), 20),
  };
}

function rangeOf(value: JsonObject[string]): Range | undefined {
  const [low, expected, high] = ["low", "expected", "high"].map((key) => numberOf(member(value, key)));
  return low === undefined || expected === undefined || high === undefined ? undefined : { low, expected, high };
}

/** Services by their components; a Deployment whose component stays, which a digest then leaves out, stands for it. */
export function servicesOf(changes: readonly Change[]): readonly Service[] {
  const components = new Map<string, Change>(changes.filter(({ type }) => componentClass(type) === "InferenceService").map((each) => [each.urn, each]));
  const deployments = new Map<string, Change>(changes.filter(isServingDeployment).map((each) => [each.parent ?? each.urn, each]));
  return [...new Set([...components.keys(), ...deployments.keys()])].map((urn) => {
    const [component, deployment] = [components.get(urn), deployments.get(urn)];
    const action = actionOf(component, deployment);
    const name = component?.name ?? (deployment?.parent === undefined ? deployment?.name : clean(nameOf(urn), 120)) ?? "";
    const old = action === "create" ? undefined : serviceState(component?.old, deployment?.old);
    return { name, action, old, new: action === "delete" ? undefined : serviceState(component?.new, deployment?.new) };
  });
}

function actionOf(component: Change | undefined, deployment: Change | undefined): Action {
  if (component && component.action !== "same") return component.action === "update" && deployment?.action === "replace" ? "replace" : component.action;
  return deployment?.action ?? component?.action ?? "same";
}

function serviceState(component: State | undefined, deployment: State | undefined): ServiceState | undefined {
  if (!component && !deployment) return undefined;
  const inputs = component?.inputs ?? {};
  const declared = listOf(inputs["adapters"]).flatMap((each) => text(each, 63) ?? []);
  const spec = inputAt(deployment?.inputs, "spec");
  const known = spec !== undefined && !isUnknown(spec);
  const pod = inputAt(spec, "template", "spec");
  return {
    model: text(inputs["model"], 80) ?? servedName(inputAt(pod, "containers", "0")),
    replicas: known ? numberOf(inputAt(spec, "replicas")) : replicasBeforeAdapters(inputs, declared),
    adapters: known ? mountedAdapters(objectOf(pod)) : declared.map((name) => ({ name, digest: undefined })),
    pool: poolLabelOf(inputs["nodeSelector"]) ?? poolLabelOf(inputAt(pod, "nodeSelector")),
    size: text(inputs["size"], 60),
  };
}

/** While every adapter is still to come a service has no replica, unless it serves its base. */
function replicasBeforeAdapters(inputs: JsonObject, adapters: readonly string[]): number | undefined {
  const replicas = numberOf(inputs["replicas"]);
  return adapters.length > 0 && inputs["serveBase"] === false ? 0 : replicas;
}

function servedName(container: JsonObject[string]): string | undefined {
  const args = listOf(inputAt(container, "args"));
  const at = args.indexOf("--served-model-name");
  return at < 0 ? undefined : text(args[at + 1], 80);
}

function mountedAdapters(pod: JsonObject): ServiceState["adapters"] {
  return listOf(pod["volumes"]).flatMap((volume) => {
    const name = textOf(member(volume, "name"));
    if (name?.startsWith("adapter-") !== true) return [];
    const reference = textOf(inputAt(volume, "image", "reference")) ?? "";
    const digest = /@sha256:([0-9a-f]{12})/.exec(reference)?.[1];
    return [{ name: clean(name.slice("adapter-".length), 63), digest }];
  });
}

function text(value: JsonObject[string], longest: number): string | undefined {
  return typeof value === "string" && value !== "" && !isUnknown(value) ? clean(value, longest) : undefined;
}
