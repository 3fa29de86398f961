import { RunError } from "@pulumi/pulumi/errors";
import { isObject, type Json, type JsonObject, member, numberOf, objectOf, parsed, textOf } from "./json";
import type { Message, Outcome, Preview, Step } from "./preview";
import { type Found, Scanner } from "./scanner";
import { digestStep, eventStep, typeOf, withOutputs } from "./states";

const MOST_LINES = 40;
const MOST_MESSAGES = 500;

/** Puts a preview together from what `pulumi preview --json` prints, whichever of its two forms, chunk by chunk. */
export class PreviewReader implements Found {
  private readonly scanner = new Scanner(["steps", "diagnostics"], this);
  private readonly steps: Step[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly messages: Message[] = [];
  private readonly lines: string[] = [];
  private config: JsonObject = {};
  private same = 0;
  private toldSame = false;
  private form: Preview["form"] = "none";
  private finished = false;
  private failed = false;
  private malformed = 0;

  feed(chunk: string): void {
    this.scanner.feed(chunk);
  }

  end(): Preview {
    this.scanner.end();
    const { form, steps, messages, same, toldSame, config, lines } = this;
    return { form, outcome: this.outcome(), steps, messages, same, toldSame, config, lines };
  }

  element(list: string, text: string): void {
    const value = parsed(text);
    if (value === undefined) this.malformed += 1;
    else if (list === "steps") {
      this.step(digestStep(value));
      this.toldSame ||= member(value, "op") === "same" && typeOf(textOf(member(value, "urn")) ?? "") !== "pulumi:pulumi:Stack";
    } else this.say(textOf(member(value, "severity")), textOf(member(value, "message")), textOf(member(value, "urn")));
    this.form = "digest";
  }

  document(text: string): void {
    const value = parsed(text);
    if (!isObject(value)) this.malformed += 1;
    else if (isEvent(value)) this.event(value);
    else if (isCompact(value)) throw new RunError("this is the short form of pulumi preview --output json, which holds no inputs; print the preview with pulumi preview --json");
    else if (isDigest(value)) this.digest(value);
    else this.line(text);
  }

  line(text: string): void {
    if (this.lines.length < MOST_LINES) this.lines.push(text);
  }

  private outcome(): Outcome {
    if (this.form === "none" && this.scanner.cutOff > 0) return "cut off";
    if (this.form === "none") return this.lines.length === 0 && this.malformed === 0 ? "empty" : "not a preview";
    if (this.failed || this.messages.some(({ severity }) => severity === "error")) return "failed";
    return this.finished && this.scanner.cutOff + this.malformed === 0 ? "complete" : "cut off";
  }

  private digest(value: JsonObject): void {
    this.form = "digest";
    this.finished = true;
    this.config = objectOf(value["config"]);
    this.same = numberOf(member(value["changeSummary"], "same")) ?? 0;
  }

  private event(event: JsonObject): void {
    this.form = "events";
    this.toldSame = true;
    const { preludeEvent, resourcePreEvent, resOutputsEvent, diagnosticEvent, policyEvent, summaryEvent, errorEvent, cancelEvent } = event;
    if (preludeEvent !== undefined) this.config = objectOf(member(preludeEvent, "config"));
    if (resourcePreEvent !== undefined) this.step(eventStep(member(resourcePreEvent, "metadata")));
    if (resOutputsEvent !== undefined) this.outputs(member(resOutputsEvent, "metadata"));
    if (diagnosticEvent !== undefined) this.say(textOf(member(diagnosticEvent, "severity")), textOf(member(diagnosticEvent, "message")), textOf(member(diagnosticEvent, "urn")));
    if (policyEvent !== undefined) this.policy(policyEvent);
    if (errorEvent !== undefined) this.say("error", textOf(member(errorEvent, "error")) ?? "the engine stopped", undefined);
    if (summaryEvent !== undefined) this.summary(summaryEvent);
    if (cancelEvent !== undefined && !this.finished) this.failed = true;
  }

  private summary(summary: Json): void {
    this.finished = true;
    this.same = numberOf(member(member(summary, "resourceChanges"), "same")) ?? 0;
    const result = textOf(member(summary, "result"));
    if (result !== undefined && result !== "succeeded") this.failed = true;
  }

  /** What the engine plans in one go of a resource: later events of it tell the same again. */
  private step(step: Step | undefined): void {
    if (step === undefined) return;
    const key = `${step.op} ${step.urn}`;
    const known = this.indexes.get(key);
    if (known === undefined) {
      this.indexes.set(key, this.steps.length);
      this.steps.push(step);
    } else this.steps[known] = step;
  }

  private outputs(metadata: Json | undefined): void {
    const [op, urn] = [textOf(member(metadata, "op")) ?? "", textOf(member(metadata, "urn")) ?? ""];
    const at = this.indexes.get(`${op} ${urn}`);
    const step = at === undefined ? undefined : this.steps[at];
    if (at !== undefined && step !== undefined) this.steps[at] = withOutputs(step, metadata);
    // What a refresh has found shows at its end only, as another operation.
    else if (op !== "same" && this.indexes.has(`refresh ${urn}`)) this.step(eventStep(metadata));
  }

  private policy(event: Json): void {
    const level = textOf(member(event, "enforcementLevel"));
    if (level === "disabled") return;
    const name = textOf(member(event, "policyName")) ?? "policy";
    this.say(level === "mandatory" ? "error" : "warning", `${name}: ${textOf(member(event, "message")) ?? ""}`, textOf(member(event, "resourceUrn")));
  }

  private say(severity: string | undefined, text: string | undefined, urn: string | undefined): void {
    if ((severity !== "error" && severity !== "warning") || text === undefined || this.messages.length >= MOST_MESSAGES) return;
    const said = text.replace(/^(?:error|warning): /, "").trim();
    if (!this.messages.some((message) => message.text === said && message.urn === urn)) this.messages.push({ severity, text: said, urn });
  }
}

function isEvent(value: JsonObject): boolean {
  return "sequence" in value || Object.keys(value).some((key) => /^\w+Event$/.test(key));
}

function isCompact(value: JsonObject): boolean {
  return "result" in value && "resources" in value && !("steps" in value);
}

function isDigest(value: JsonObject): boolean {
  return "steps" in value || "changeSummary" in value || "diagnostics" in value;
}
