import { setTimeout as sleep } from "node:timers/promises";
import { type ApiServer, apiServerOf } from "../../support/api-server";
import { KAITO_EDITS, type KaitoEdit, type KaitoVerdict } from "../../support/kaito-edits";
import type { KaitoKind } from "../../support/kaito-serving";
import { azureHas } from "../../support/kaito/azure";
import { editedServer, plannedAs, serverAs } from "../../support/kaito/edited";
import { GPU_PROVISIONER_CHART, KAITO_CHART, Releases } from "../../support/kaito/helm";
import type { KaitoObject } from "../../support/kaito/objects";
import { startSandbox, type TestSandbox } from "../../support/sandbox";

const NAMESPACE = "support";
const IN_NAMESPACE = `namespaces/${NAMESPACE}`;

interface Listed {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
}

/** A copy, without what is said of it. */
interface Copy extends Listed {
  readonly resource: object;
  readonly inference: object;
}

interface Server extends Listed {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[]; readonly volumes: readonly object[]; readonly initContainers?: readonly object[] } } };
}

/** An edit as somebody makes it of a live object, under a name of its own. */
interface Live {
  readonly title: string;
  readonly expected: KaitoVerdict | undefined;
  readonly before: KaitoObject;
  readonly after: KaitoObject;
  readonly replicas: number;
}

/** Every edit of the table that is rendered: one that a Workspace has no member for is none. */
function edits(kind: KaitoKind): readonly Live[] {
  return KAITO_EDITS.filter(({ kinds, to }) => kinds.includes(kind) && !(kind === "Workspace" && "replicas" in to)).flatMap((edit, index) => live(kind, edit, index));
}

function live(kind: KaitoKind, edit: KaitoEdit, index: number): readonly Live[] {
  const before = serverAs(plannedAs(kind, edit.from ?? {}), edit.from ?? {}).manifest;
  const after = editedServer(kind, edit).manifest;
  if (!before || !after) return [];
  const name = `edit-${String(index).padStart(2, "0")}`;
  const named = { ...before, metadata: { ...before.metadata, name } } as unknown as KaitoObject;
  const { replicas = 1 } = (after.spec ?? {}) as { readonly replicas?: number };
  return [{ title: edit.title, expected: edit.kaito[kind], before: named, after: keepingNodes(named, after as unknown as KaitoObject), replicas }];
}

/** With the name kept, and the selector that follows from it. */
function keepingNodes(before: KaitoObject, after: KaitoObject): KaitoObject {
  const { name } = before.metadata;
  const spec = before.spec && { ...after.spec, labelSelector: (before.spec as { readonly labelSelector: object }).labelSelector };
  const resource = before.resource && { ...after.resource, labelSelector: before.resource["labelSelector"] };
  return { ...after, metadata: { ...after.metadata, name }, ...(spec ? { spec } : {}), ...(resource ? { resource } : {}) };
}

/** KAITO's operator, as the sandbox plays it, and the edits that somebody makes behind this library's back. */
describe("edits of live objects", () => {
  let sandbox: TestSandbox;
  let server: ApiServer;
  let helm: Releases;

  beforeAll(async () => {
    sandbox = startSandbox("simulated");
    // A node for the operator's own pod.
    azureHas(sandbox.home, {});
    helm = await Releases.in(sandbox.home);
    const asking = apiServerOf(sandbox.home);
    for (const name of [NAMESPACE, "team"]) await asking.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, { dryRun: false });
    asking.close();
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < 300; attempt++) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      await sleep(200);
    }
    throw new Error(`${what} does not come about`);
  }

  const all = async <T>(where: string) => (await server.get<{ readonly items: readonly T[] }>(where)).items;
  const pathOf = ({ kind, metadata }: KaitoObject) => `/apis/kaito.sh/v1beta1/namespaces/${metadata.namespace ?? ""}/${kind.toLowerCase()}s/${metadata.name}`;
  const write = (object: KaitoObject) => server.apply(object, { dryRun: false });

  async function make(objects: readonly KaitoObject[]): Promise<void> {
    for (const object of objects) expect(await write(object)).toEqual({ unknownKind: false });
  }

  async function remove(objects: readonly KaitoObject[]): Promise<void> {
    for (const object of objects) await server.delete(pathOf(object));
    // A chart that goes before the last of them leaves its finalizer to nobody.
    for (const object of objects) await eventually(`the end of ${object.metadata.name}`, async () => ((await server.get(pathOf(object)).then(() => true, () => false)) ? undefined : true));
    await eventually("the end of all copies", async () => ((await all("/apis/kaito.sh/v1beta1/workspaces")).length === 0 ? true : undefined));
  }

  async function refused(cases: readonly Live[]): Promise<ReadonlySet<string>> {
    const titles: string[] = [];
    for (const { title, after } of cases) if ((await write(after)).refusal !== undefined) titles.push(title);
    return new Set(titles);
  }

  describe("by 0.12", () => {
    let release: Awaited<ReturnType<Releases["install"]>>;

    beforeAll(async () => {
      release = await helm.install(KAITO_CHART);
      server = apiServerOf(sandbox.home);
    }, 60_000);
    afterAll(async () => {
      await helm.uninstall(release);
      server.close();
    }, 60_000);

    const copiesOf = async ({ metadata }: KaitoObject) => {
      const found = await all<Copy>(`/apis/kaito.sh/v1beta1/${IN_NAMESPACE}/workspaces?labelSelector=inferenceset.kaito.sh%2Fcreated-by%3D${metadata.name}`);
      return found.map(({ metadata: { uid, annotations }, resource, inference }) => ({ uid, runtime: annotations?.["kaito.sh/runtime"], resource, inference }));
    };
    const replicasOf = ({ spec }: KaitoObject) => (spec as { readonly replicas: number }).replicas;
    const counted = (object: KaitoObject, count: number) =>
      eventually(`${count} copies of ${object.metadata.name}`, async () => {
        const copies = await copiesOf(object);
        return copies.length === count ? copies : undefined;
      });

    it("of a set: its replicas are followed, its template is not looked at, and what a new copy may not be is refused", async () => {
      const cases = edits("InferenceSet");
      const last: KaitoObject = { ...(cases[0] as Live).before, metadata: { name: "last", namespace: NAMESPACE } };
      await make([...cases.map(({ before }) => before), last]);
      const before = await Promise.all([...cases.map((each) => each.before), last].map((object) => counted(object, replicasOf(object))));

      const rejected = await refused(cases);
      // The operator looks at sets in the order of their names: when the last one has been looked at, so have the others.
      await make([{ ...last, spec: { ...last.spec, replicas: 2 } }]);
      await counted(last, 2);

      const verdicts: Record<string, KaitoVerdict> = {};
      const touched: string[] = [];
      for (const [index, { title, after, before: object, replicas }] of cases.entries()) {
        const had = before[index] ?? [];
        const isRejected = rejected.has(title);
        const copies = await counted(object, isRejected ? replicasOf(object) : replicas);
        const staying = copies.filter(({ uid }) => had.some((copy) => copy.uid === uid));
        const were = had.filter(({ uid }) => staying.some((copy) => copy.uid === uid));
        if (staying.length < Math.min(had.length, copies.length) || JSON.stringify(staying) !== JSON.stringify(were)) touched.push(title);
        const taken = JSON.stringify(object) === JSON.stringify(after) ? "is not asked" : replicasOf(object) === replicas ? "ignores" : "applies";
        verdicts[title] = isRejected ? "rejects" : taken;
      }
      // Copies that stay are what they were.
      expect(touched).toEqual([]);
      // Of the one set without a copy, the first copy is made by the new template.
      const firstCopy = cases.filter(({ before: { spec } }) => (spec as { readonly replicas: number }).replicas === 0).map(({ title }) => [title, "applies"]);
      expect(verdicts).toEqual({ ...Object.fromEntries(cases.map(({ title, expected }) => [title, expected])), ...Object.fromEntries(firstCopy) });
      await remove([...cases.map((each) => each.before), last]);
    }, 120_000);
  });

  describe("by 0.6", () => {
    let releases: readonly Awaited<ReturnType<Releases["install"]>>[] = [];

    beforeAll(async () => {
      releases = [await helm.install(GPU_PROVISIONER_CHART), await helm.install({ ...KAITO_CHART, version: "0.6.0" })];
      server = apiServerOf(sandbox.home);
    }, 60_000);
    afterAll(async () => {
      for (const release of releases.toReversed()) await helm.uninstall(release);
      server.close();
    }, 60_000);

    const serverOf = ({ metadata }: KaitoObject) => server.get<Server>(`/apis/apps/v1/${IN_NAMESPACE}/deployments/${metadata.name}`);
    const podOf = async (object: KaitoObject) => (await serverOf(object)).spec.template.spec;

    it("of a Workspace: what cannot be changed is refused, and whatever else is taken, the server's command stays what it was", async () => {
      const cases = edits("Workspace");
      const [{ before: first }] = cases as readonly [Live];
      const last: KaitoObject = { ...first, metadata: { name: "last", namespace: NAMESPACE } };
      await make([...cases.map(({ before }) => before), last]);
      const before = await Promise.all([...cases.map((each) => each.before), last].map((object) => eventually(`the server of ${object.metadata.name}`, () => podOf(object))));

      const rejected = await refused(cases);
      await make([{ ...last, inference: { ...last.inference, config: "another" } }]);
      await eventually("the last one's change", async () => (JSON.stringify((await podOf(last)).volumes).includes("another") ? true : undefined));

      const touched: string[] = [];
      for (const [index, { title, before: object, after }] of cases.entries()) {
        const pod = await podOf(object);
        const asked = JSON.stringify(object) !== JSON.stringify(after);
        const commands = [pod, before[index]].map((each) => JSON.stringify(each?.containers.map(({ command }) => command)));
        const same = JSON.stringify(pod) === JSON.stringify(before[index]);
        if (commands[0] !== commands[1] || (!same && (rejected.has(title) || !asked))) touched.push(title);
      }
      expect(touched).toEqual([]);
      const asked = cases.filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
      expect([...rejected].sort()).toEqual(asked.filter(({ expected }) => expected === "rejects").map(({ title }) => title).sort());
      await remove([...cases.map((each) => each.before), last]);
    }, 180_000);
  });
});
