import * as path from "node:path";
import { type ApiServer, apiServerOf } from "../../support/api-server";
import { failure } from "../../support/engine-steps";
import { azureHas } from "../../support/kaito/azure";
import { GPU_PROVISIONER_CHART, KAITO_CHART, Releases } from "../../support/kaito/helm";
import { KAITO_EDITS, type KaitoArguments, type KaitoEdit } from "../../support/kaito-edits";
import { KAITO_SERVING, type KaitoKind, OLD_KAITO_SERVING } from "../../support/kaito-serving";
import { type Operation, type ProgramStack, programStack } from "../../support/program-stack";
import { startSandbox, type TestSandbox } from "../../support/sandbox";

const PROGRAM = path.resolve(__dirname, "edits-program");
const OBJECTS = "/apis/kaito.sh/v1beta1/namespaces/support";

/** An edit of a service of its own. */
interface Trial {
  /** Of the service. */
  readonly name: string;
  readonly kind: KaitoKind;
  readonly edit: KaitoEdit;
}

/** A Workspace cannot be without a copy, so that each takes a node: those that differ from what is edited of a set, and one of each plan. */
const OF_A_WORKSPACE = ["another model", "a first adapter", "another runtime", "a cap on nodes", "other clients", "more replicas of a Workspace", "a performance mode of a version without"];

const TRIALS: readonly Trial[] = KAITO_EDITS.flatMap((edit, index) => {
  const number = String(index).padStart(2, "0");
  const sets: Trial[] = edit.kinds.includes("InferenceSet") ? [{ name: `set-${number}`, kind: "InferenceSet", edit }] : [];
  return [...sets, ...(edit.kinds.includes("Workspace") && OF_A_WORKSPACE.includes(edit.title) ? [{ name: `workspace-${number}`, kind: "Workspace" as const, edit }] : [])];
});
const taken = TRIALS.filter(({ edit }) => edit.planned !== "refused");
const refused = TRIALS.filter(({ edit }) => edit.planned === "refused");

interface Step {
  readonly op: string;
  readonly urn: string;
}

interface Item {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Every argument of services that run, changed at once: each service has one change of its own. */
describe("edits of services by KAITO on the real engine", () => {
  let sandbox: TestSandbox;
  let server: ApiServer;
  let stack: ProgramStack;

  beforeAll(async () => {
    sandbox = startSandbox("simulated");
    azureHas(sandbox.home, {});
    server = apiServerOf(sandbox.home);
    const helm = await Releases.in(sandbox.home);
    await helm.install(GPU_PROVISIONER_CHART);
    await helm.install(KAITO_CHART);
    await server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "support" } }, { dryRun: false });
    stack = programStack(sandbox, PROGRAM, "edits");
    services(taken.map((trial) => [trial, "from"]));
    const { code, output } = await up();
    if (code !== 0) throw new Error(output);
  }, 900_000);
  afterAll(() => {
    server.close();
    sandbox.down();
  }, 120_000);

  // Beside the test: a process that stands still does not see that the API server closes what it has open.
  const up = () => stack.start("up", "--yes", "--skip-preview", ...stack.logged);

  function services(wanted: readonly (readonly [Trial, "from" | "to"])[]): void {
    stack.set("services", Object.fromEntries(wanted.map(([trial, when]) => [trial.name, argumentsOf(trial, when)])));
  }

  /** Objects of KAITO's with what is told apart, by service. */
  async function objects(): Promise<ReadonlyMap<string, readonly Item["metadata"][]>> {
    const lists = await Promise.all(["inferencesets", "workspaces"].map((kind) => server.get<{ readonly items: readonly Item[] }>(`${OBJECTS}/${kind}`)));
    const found = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata));
    return new Map(taken.map(({ name }) => [name, found.filter(({ labels }) => labels?.["app.kubernetes.io/name"] === name)]));
  }

  it.each(refused.map((trial) => [trial.kind, trial.edit.title, trial] as const))("of a %s, %s, are refused at the preview with the reason's code", async (_, __, trial) => {
    services([[trial, "to"]]);
    const { code, output } = await stack.start("preview", "--json");
    expect(code).not.toBe(0);
    expect(new Set(output.match(/AKSFT-[A-Z]+-\d+/g))).toEqual(new Set([trial.edit.code]));
  }, 60_000);

  it("are planned as what KAITO would make of them", async () => {
    services(taken.map((trial) => [trial, "to"]));
    const { code, output } = await stack.start("preview", "--json");
    expect(code === 0 ? "" : output).toBe("");
    const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as { readonly steps: readonly Step[] };
    const plans = taken.map((trial) => [trial.kind, trial.edit.title, planOf(trial, steps)]);
    expect(plans).toEqual(taken.map(({ kind, edit }) => [kind, edit.title, edit.planned]));
  }, 120_000);

  it("are done as they are planned: what is edited in place stays the object that it was, of others another is alone there", async () => {
    const before = await objects();
    expect(failure(await up())).toBe("");
    const after = await objects();
    const done = taken.map(({ kind, edit, name }) => {
      const [one, ...more] = after.get(name) ?? [];
      const isAlone = one !== undefined && more.length === 0;
      return [kind, edit.title, isAlone && (one.uid === before.get(name)?.[0]?.uid ? "stays" : "another")];
    });
    expect(done).toEqual(taken.map(({ kind, edit }) => [kind, edit.title, edit.planned === "second set" ? "another" : "stays"]));
    const replaced = taken.filter(({ edit }) => edit.planned === "second set");
    expect(replaced.map(({ name, kind }) => [name, takeover(name, kind, stack.operations())])).toEqual(replaced.map(({ name }) => [name, TAKEOVER]));
    const selected = await Promise.all(taken.map(async ({ name }) => Object.values(await selectorOf(name))));
    expect(selected.filter((values, index) => !values.includes(after.get(taken[index]?.name ?? "")?.[0]?.name ?? ""))).toEqual([]);
  }, 300_000);

  const selectorOf = async (name: string) =>
    (await server.get<{ readonly spec: { readonly selector: Readonly<Record<string, string>> } }>(`/api/v1/namespaces/support/services/${name}`)).spec.selector;
});

const TAKEOVER = ["create-replacement of the object", "update of the Service", "delete-replaced of the object"];

/** What happens to the object and the Service of one service, in order; what begins before the last has ended is told so. */
function takeover(service: string, kind: KaitoKind, operations: readonly Operation[]): readonly string[] {
  const own = operations.filter(({ op, type, name }) => name === service && op !== "same" && op !== "replace" && new RegExp(`:(${kind}|Service)$`).test(type));
  return own.map(({ op, type, started }, index) => {
    const isEarly = index > 0 && started < (own[index - 1]?.ended ?? 0);
    return `${op} of the ${type.endsWith(":Service") ? "Service" : "object"}${isEarly ? ", too early" : ""}`;
  });
}

/** As the program reads them: the Secrets of adapters are there already, and what the edit does not count has no copy, which costs nothing. */
function argumentsOf({ kind, edit }: Trial, when: "from" | "to"): object {
  const { kaito: installed, model, size } = kind === "InferenceSet" ? KAITO_SERVING : OLD_KAITO_SERVING;
  const { kaito, adapters = [], ...rest }: KaitoArguments = { ...edit.from, ...(when === "to" ? edit.to : {}) };
  const copies = kind === "Workspace" || edit.fields.InferenceSet?.includes("spec.replicas") ? {} : { replicas: 0 };
  const withSecrets = adapters.map((adapter) => ({ pullSecret: "adapters", ...adapter }));
  return { model, size, ...copies, ...rest, kaito: { ...installed, ...edit.from?.kaito, ...kaito }, adapters: withSecrets };
}

/** What the steps come to for one service: a preview tells a replacement by one step; what is none of the four is told as it is. */
function planOf({ name, kind }: Trial, steps: readonly Step[]): string {
  const own = steps.filter(({ op, urn }) => op !== "same" && urn.includes("kubernetes:") && (urn.endsWith(`::${name}`) || urn.includes(`::${name}-`))).map(described);
  const of = (type: string) => own.filter((step) => step.endsWith(` ${type}`)).map((step) => step.split(" ")[0]);
  const [object, service] = [of(kind), of("Service")];
  if (own.length === 0) return "nothing";
  const isBefore = own.indexOf(`replace ${kind}`) < own.indexOf("update Service");
  if (object.join() === "replace" && service.join() === "update" && isBefore) return "second set";
  const inPlace = own.every((step) => step.startsWith("update ") || BESIDE.includes(step));
  return inPlace ? "in place" : own.join(", ");
}

/** Of objects that may come and go beside a server: the budget of several copies, the way out of a team's pods that are no clients any more. */
const BESIDE = ["create PodDisruptionBudget", "delete NetworkPolicy"];

function described({ op, urn }: Step): string {
  return `${op} ${urn.split("::")[2]?.split(":").at(-1) ?? ""}`;
}
