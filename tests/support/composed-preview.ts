import type { Json, JsonObject } from "../../cli/report/read/json";

/** A step as a test writes it; `old` and `new` are inputs. */
export interface ComposedStep {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly old?: JsonObject;
  readonly new?: JsonObject;
  readonly oldOutputs?: JsonObject;
  readonly newOutputs?: JsonObject;
  readonly protect?: true;
  readonly retainOnDelete?: true;
  /** What happens to each property. */
  readonly kinds?: Readonly<Record<string, string>>;
  /** Where the engine knows better than the provider what forces a replacement. */
  readonly forcing?: readonly string[];
}

export interface ComposedMessage {
  readonly severity: string;
  readonly message: string;
  readonly urn?: string;
}

export interface Composed {
  readonly steps: readonly ComposedStep[];
  readonly messages?: readonly ComposedMessage[];
  readonly config?: JsonObject;
}

export const ROOT_URN = urn("pulumi:pulumi:Stack", "support-bot-prod");

/** A URN of the stack "prod"; parents are types, outermost first. */
export function urn(type: string, name: string, ...parents: readonly string[]): string {
  return `urn:pulumi:prod::support-bot::${[...parents, type].join("$")}::${name}`;
}

/** The digest that `pulumi preview --json` prints. */
export function digestOf({ steps, messages = [], config = {} }: Composed): string {
  const written = steps.map((step) => ({
    ...{ op: step.op, urn: step.urn, provider: "", oldState: stateOf(step, "old"), newState: stateOf(step, "new") },
    diffReasons: Object.keys(step.kinds ?? {}),
    replaceReasons: step.forcing,
    detailedDiff: diffOf(step, "kind"),
  }));
  const counts: Record<string, number> = {};
  for (const { op } of steps) counts[op] = (counts[op] ?? 0) + 1;
  const diagnostics = messages.map(({ severity, message, urn: about }) => ({ urn: about, message: `${severity}: ${message}\n`, severity }));
  return `${JSON.stringify({ config, steps: written, diagnostics, duration: 1, changeSummary: counts }, undefined, 4)}\n`;
}

/** The same as the engine's stream of events. */
export function eventsOf({ steps, messages = [], config = {} }: Composed): string {
  const events: Json[] = [{ preludeEvent: { config } }];
  for (const step of steps) {
    for (const op of step.op === "replace" ? ["create-replacement", "replace", "delete-replaced"] : [step.op]) events.push(...eventsOfStep(step, op));
  }
  for (const { severity, message, urn: about } of messages) events.push({ diagnosticEvent: { urn: about, prefix: `${severity}: `, message: `${message}\n`, color: "never", severity } });
  const failed = messages.some(({ severity }) => severity === "error");
  const same = steps.filter(({ op }) => op === "same").length;
  events.push({ summaryEvent: { maybeCorrupt: false, resourceChanges: { same }, result: failed ? "failed" : "succeeded" } }, { cancelEvent: {} });
  return events.map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 1, ...(event as JsonObject) })}\n`).join("");
}

function eventsOfStep(step: ComposedStep, op: string): readonly Json[] {
  const { urn: about, type, forcing } = step;
  const diffs = Object.keys(step.kinds ?? {});
  const metadata = { op, urn: about, type, old: stateOf(step, "old"), new: stateOf({ ...step, newOutputs: {} }, "new"), keys: forcing, diffs, detailedDiff: diffOf(step, "diffKind") };
  const told = { resourcePreEvent: { metadata, planning: true } } as Json;
  return step.newOutputs === undefined ? [told] : [told, { resOutputsEvent: { metadata: { ...metadata, new: stateOf(step, "new") }, planning: true } }];
}

function stateOf(step: ComposedStep, when: "old" | "new"): JsonObject | undefined {
  const inputs = step[when];
  if (inputs === undefined) return undefined;
  const { urn: about, type, parent = ROOT_URN, protect, retainOnDelete } = step;
  return { urn: about, custom: !type.startsWith("aks-fine-tuning:"), type, inputs, outputs: when === "old" ? step.oldOutputs : step.newOutputs, parent, protect, retainOnDelete };
}

function diffOf({ kinds }: ComposedStep, key: "kind" | "diffKind"): Json {
  return kinds === undefined ? null : Object.fromEntries(Object.entries(kinds).map(([path, kind]) => [path, { [key]: kind, inputDiff: true }]));
}
