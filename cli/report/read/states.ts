import { isObject, type Json, type JsonObject, listOf, member, objectOf, textOf } from "./json";
import type { State, Step } from "./preview";

/** Types of which a step that changes nothing still says something: what costs, what ends, what a run or a service is. */
const TOLD_UNCHANGED =
  /^(?:aks-fine-tuning:|pulumi:pulumi:Stack$|azure-native:(?:containerservice|resources)[:/]|kubernetes:(?:apps\/v1:Deployment|batch\/v1:Job|core\/v1:ConfigMap|karpenter\.|kaito\.)|kubernetes:[\w.]*(?:karpenter|kaito))/;

/** A step of a digest. */
export function digestStep(step: Json): Step | undefined {
  const [op, urn] = [textOf(member(step, "op")), textOf(member(step, "urn"))];
  if (op === undefined || urn === undefined) return undefined;
  const [before, after] = [member(step, "oldState"), member(step, "newState")];
  const type = textOf(member(after, "type")) ?? textOf(member(before, "type")) ?? typeOf(urn);
  if (op === "same" && !TOLD_UNCHANGED.test(type)) return undefined;
  return {
    ...{ op, urn, type, old: stateOf(before), new: stateOf(after) },
    kinds: kindsOf(member(step, "detailedDiff"), "kind"),
    differing: textsOf(member(step, "diffReasons")),
    forcing: textsOf(member(step, "replaceReasons")),
  };
}

/** The step that the metadata of an event describe. */
export function eventStep(metadata: Json | undefined): Step | undefined {
  const [op, urn] = [textOf(member(metadata, "op")), textOf(member(metadata, "urn"))];
  if (op === undefined || urn === undefined) return undefined;
  const type = textOf(member(metadata, "type")) ?? typeOf(urn);
  if (op === "same" && !TOLD_UNCHANGED.test(type)) return undefined;
  return {
    ...{ op, urn, type, old: stateOf(member(metadata, "old")), new: stateOf(member(metadata, "new")) },
    kinds: kindsOf(member(metadata, "detailedDiff"), "diffKind"),
    differing: textsOf(member(metadata, "diffs")),
    forcing: textsOf(member(metadata, "keys")),
  };
}

/** What the step leads to, once the engine knows. */
export function withOutputs(step: Step, metadata: Json | undefined): Step {
  const outputs = outputsOf(member(metadata, "new"));
  return step.new === undefined || Object.keys(outputs).length === 0 ? step : { ...step, new: { ...step.new, outputs } };
}

function stateOf(state: Json | undefined): State | undefined {
  if (!isObject(state)) return undefined;
  return {
    inputs: objectOf(member(state, "inputs")),
    outputs: outputsOf(state),
    parent: textOf(member(state, "parent")),
    protect: member(state, "protect") === true,
    retainOnDelete: member(state, "retainOnDelete") === true,
  };
}

/** Of what a resource came to, only what a report can use: the data of a record, nodes of a pool, outputs of components and stacks. */
function outputsOf(state: Json | undefined): JsonObject {
  const outputs = objectOf(member(state, "outputs"));
  const type = textOf(member(state, "type")) ?? "";
  if (/ConfigMap$/.test(type)) return { data: member(outputs, "data") };
  if (/AgentPool$/.test(type)) return { count: member(outputs, "count") };
  return /^(?:aks-fine-tuning:|pulumi:pulumi:Stack$)/.test(type) ? outputs : {};
}

function kindsOf(diff: Json | undefined, key: "kind" | "diffKind"): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(diff)).map(([path, each]) => [path, textOf(member(each, key)) ?? "update"]));
}

function textsOf(list: Json | undefined): readonly string[] {
  return listOf(list).filter((each) => typeof each === "string");
}

/** Type of a resource by its URN, `urn:pulumi:stack::project::parent$type::name`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Its logical name. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The stack of a URN; undefined of what is none. */
export function stackOf(urn: string): string | undefined {
  return /^urn:pulumi:(.+?)::/.exec(urn)?.[1];
}
