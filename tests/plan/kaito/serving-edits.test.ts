import { kaitoPolicies, kaitoPolicySpec } from "../../../components/plan/manifests/kaito-inference-policies";
import { KAITO_EDITS, type KaitoArguments, type KaitoEdit, NOT_RENDERED } from "../../support/kaito-edits";
import { plannedAs, serverAs } from "../../support/kaito/edited";
import { KAITO_SERVING, type KaitoKind, OLD_KAITO_SERVING } from "../../support/kaito-serving";
import { planKaitoServing } from "../../../components/plan/kaito/serving";
import { kaitoServer, type KaitoServer } from "../../../components/plan/manifests/kaito-inference";
import { problemsOf } from "../../support/refusal";

const CASES = KAITO_EDITS.flatMap((edit) => edit.kinds.map((kind) => [edit.title, kind, edit] as const));

interface Live {
  readonly server: KaitoServer;
  readonly policies: readonly object[];
}

function live(kind: KaitoKind, changes: KaitoArguments): Live {
  const plan = plannedAs(kind, changes);
  const server = serverAs(plan, changes);
  return { server, policies: kaitoPolicies(plan).map((policy) => kaitoPolicySpec(policy, plan, server)) };
}

/** Members that differ, but for the name and what follows from it. */
function changed(before: unknown, after: unknown, path = ""): string[] {
  if (["metadata.name", "spec.labelSelector", "resource.labelSelector"].includes(path)) return [];
  if (!isRecord(before) || !isRecord(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => changed(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

/** Every member, those of lists under []. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (!isRecord(value)) return [path];
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, path === "" ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What KAITO does with a changed member of a live object, worst last; written from its controllers, not from the table. */
function kaitoActs(kind: KaitoKind, fields: readonly string[]): readonly string[] {
  return fields.map((field) => {
    if (field === "spec.replicas") return "applies";
    // A set looks at its template when it makes a copy.
    if (kind === "InferenceSet") return "ignores";
    if (/^resource\.|^inference\.preset/.test(field)) return "rejects";
    return /^metadata\.annotations/.test(field) ? "ignores" : "patches the pod";
  });
}

describe("edits of a service by KAITO", () => {
  it.each(CASES.filter(([, , edit]) => edit.planned === "refused"))("refuses %s (%s)", (_, kind, edit: KaitoEdit) => {
    expect(problemsOf(() => plannedAs(kind, { ...edit.from, ...edit.to })).map((problem) => problem.slice(0, 14))).toEqual([edit.code]);
  });

  it.each(CASES.filter(([, , edit]) => edit.planned !== "refused"))("%s (%s)", (_, kind, edit: KaitoEdit) => {
    const before = live(kind, edit.from ?? {});
    const after = live(kind, { ...edit.from, ...edit.to });
    expect(changed(before.server.manifest, after.server.manifest)).toEqual(edit.fields[kind]);
    const same = { name: before.server.name === after.server.name, everything: JSON.stringify(before) === JSON.stringify(after) };
    expect(same).toEqual({ name: edit.planned !== "second set", everything: edit.planned === "nothing" });
  });

  it.each(CASES.filter(([, kind, edit]) => (edit.fields[kind] ?? []).length > 0))("changes in place what KAITO applies and nothing else: %s (%s)", (_, kind, edit) => {
    const acts = kaitoActs(kind, edit.fields[kind] ?? []);
    expect(edit.planned === "in place").toBe(acts.every((act) => act === "applies"));
    expect(edit.kaito[kind] === "rejects").toBe(acts.includes("rejects"));
    expect(edit.kaito[kind] === "applies").toBe(acts.every((act) => act === "applies"));
  });

  it("changes every argument", () => {
    const arguments_ = ["replicas", "model", "size", "adapters", "maxModelLength", "runtime", "performanceMode", "accessSecret", "maxNodes", "clients", "publicLoadBalancer", "serveBase", "kaito"];
    expect([...new Set(KAITO_EDITS.flatMap(({ to }) => Object.keys(to)))].sort()).toEqual(arguments_.sort());
  });

  it("renders no member that has no argument", () => {
    const model = "Llama-3.1-8B-Instruct";
    const adapters = [{ name: "tickets", baseModel: model, rank: 16, image: "image" }];
    const all = (["InferenceSet", "Workspace"] as const).flatMap((kind) => pathsOf(live(kind, { model, adapters, accessSecret: "hub" }).server.manifest));
    expect(all).toContain("spec.template.inference.adapters[].source.image");
    expect(all).toContain("inference.preset.presetOptions.modelAccessSecret");
    const inCopies = all.map((path) => path.replace(/^spec\.template\./, ""));
    expect(Object.keys(NOT_RENDERED).filter((member) => inCopies.some((path) => path === member || path.startsWith(`${member}.`)))).toEqual([]);
  });

  it("makes another object of an adapter that finishes, and holds no node before", () => {
    const adapters = [{ name: "tickets", baseModel: "phi-4", rank: 16 }];
    const plan = planKaitoServing("tickets", { ...KAITO_SERVING, adapters });
    const waiting = kaitoServer(plan, []);
    const serving = kaitoServer(plan, [{ name: "tickets", image: "image", pullSecret: "secret" }]);
    expect(waiting.manifest).toMatchObject({ spec: { replicas: 0 } });
    expect(serving.manifest).toMatchObject({ spec: { replicas: 1 } });
    expect(waiting.name).not.toBe(serving.name);
    expect(kaitoServer(planKaitoServing("tickets", { ...OLD_KAITO_SERVING, adapters }), []).manifest).toBeUndefined();
    expect(kaitoServer(planKaitoServing("tickets", { ...KAITO_SERVING, adapters, serveBase: true }), []).manifest).toMatchObject({ spec: { replicas: 1 } });
    expect(kaitoServer(planKaitoServing("tickets", { ...OLD_KAITO_SERVING, adapters, serveBase: true }), []).manifest).toMatchObject({ kind: "Workspace" });
  });
});
