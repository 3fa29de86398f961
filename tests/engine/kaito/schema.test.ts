import { kaitoPresets } from "../../../components/plan/catalogue/kaito-served-models";
import { KAITO_VERSION_FACTS } from "../../../components/plan/catalogue/kaito-versions";
import { planKaitoServing } from "../../../components/plan/kaito/serving";
import { planKaitoTuning } from "../../../components/plan/kaito/tuning";
import { problemsOf } from "../../../components/plan/refuse";
import type { PlayedVersion, Provisioner } from "../../../sandbox/kaito/versions";
import { ADMITTED_THEN_FAILS } from "../../support/kaito-admitted-then-fails";
import { ADMITTED_THEN_FAILS_SERVING } from "../../support/kaito-admitted-then-fails-serving";
import { KAITO_DECISIONS } from "../../support/kaito-tuning";
import { azureHas } from "../../support/kaito/azure";
import { eventually, InstalledKinds } from "../../support/kaito/installed-kinds";
import { refusedByLookingUp } from "../../support/kaito/looked-up";
import { tuningWorkspace } from "../../support/kaito/objects";
import { REFUSED_ON_OWN_NODES, REFUSED_WHEN_MADE, TAKEN_WHEN_MADE } from "../../support/kaito/refused";
import { SERVING_CASES, serverOf } from "../../support/kaito/serving-cases";
import { isTooLarge, TUNING_CASES, VERSIONS, waysOf, workspaceOf } from "../../support/kaito/tuning-cases";
import type { KubernetesObject } from "../../support/kubernetes-objects";
import { startSandbox, type TestSandbox } from "../../support/sandbox";

/** Something that KAITO admits and this library refuses, by whichever table has it. */
interface Admitted {
  readonly title: string;
  readonly version: PlayedVersion;
  readonly provisioner: Provisioner;
  readonly object: KubernetesObject;
  /** What lies in the ConfigMap that it names, by its key. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly nodes: number;
  readonly code: string;
  readonly plan: () => unknown;
}

const TUNING: readonly Admitted[] = ADMITTED_THEN_FAILS.map(({ title, version, workspace, trainingConfig, changes, refused }) => ({
  ...{ title, version, object: workspace as unknown as KubernetesObject, nodes: 0 },
  provisioner: { ...KAITO_DECISIONS.kaito, ...changes.kaito }.nodeProvisioner,
  configuration: trainingConfig === undefined ? {} : { "training_config.yaml": { training_config: trainingConfig } },
  code: refused.split(" ")[0] ?? "",
  plan: () => planKaitoTuning("tickets", { ...KAITO_DECISIONS, ...changes }),
}));

const SERVING: readonly Admitted[] = ADMITTED_THEN_FAILS_SERVING.map(({ title, manifest, arguments: given, code, nodes = 0, inferenceConfig }) => ({
  ...{ title, nodes, code, version: given.kaito.version as PlayedVersion, provisioner: given.kaito.nodeProvisioner, object: manifest as unknown as KubernetesObject },
  configuration: inferenceConfig === undefined ? {} : { "inference_config.yaml": inferenceConfig },
  plan: () => planKaitoServing("tickets", given),
}));

const ADMITTED = [...TUNING, ...SERVING];
const PROVISIONERS: readonly Provisioner[] = ["azure-gpu-provisioner", "karpenter", "byo"];
const TAKEN = { unknownKind: false };

/** KAITO's kinds and admission in a real API server, one version after another; nobody acts upon what is made. */
describe("KAITO's schema and admission", () => {
  let sandbox: TestSandbox;
  let kinds: InstalledKinds;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  const judged = (object: unknown) => kinds.server.apply(object as KubernetesObject, { dryRun: true });

  /** Made, and gone afterwards, so that the next case finds none of it. */
  async function having<T>(objects: readonly KubernetesObject[], then: () => Promise<T>): Promise<T> {
    for (const object of objects) expect(await kinds.server.apply(object, { dryRun: false })).toEqual(TAKEN);
    try {
      return await then();
    } finally {
      for (const { metadata } of objects) {
        const path = `/api/v1/namespaces/${metadata.namespace ?? ""}/configmaps/${metadata.name}`;
        await kinds.server.delete(path);
        await eventually(`${path} is gone`, () => kinds.server.get(path).then(() => false, () => true));
      }
    }
  }

  /** Nodes of one's own, as many; gone afterwards too. */
  async function havingNodes<T>(count: number, then: () => Promise<T>): Promise<T> {
    if (count === 0) return then();
    const there = async () => (await kinds.server.get<{ readonly items: readonly unknown[] }>("/api/v1/nodes?labelSelector=apps%3Dtickets")).items.length;
    azureHas(sandbox.home, {}, ownPool(count));
    try {
      await eventually(`${count} nodes`, async () => (await there()) === count);
      return await then();
    } finally {
      azureHas(sandbox.home, {});
      await eventually("no node", async () => (await there()) === 0);
    }
  }

  it("judges as many objects as the tables have", () => {
    const count = (version: PlayedVersion) => [
      TUNING_CASES.filter((each) => each.version === version).length,
      SERVING_CASES.filter((each) => each.version === version).length,
    ];
    // A preset is tuned in two ways; a model is served alone and with adapters, but for falcon-7b of 0.6, which takes none.
    for (const version of VERSIONS) {
      const unadapted = version === "0.6" ? 1 : 0;
      expect(count(version)).toEqual([2 * KAITO_VERSION_FACTS[version].tunablePresets.length, 2 * kaitoPresets(version).length - unadapted]);
    }
    expect(TUNING_CASES.filter(isTooLarge)).toHaveLength(2);
    expect(ADMITTED.length).toBeGreaterThanOrEqual(12);
    expect(new Set(ADMITTED.map(({ title }) => title)).size).toBe(ADMITTED.length);
  });

  describe.each(VERSIONS)("of %s", (version) => {
    beforeAll(async () => {
      kinds = await InstalledKinds.in(sandbox.home, version, "azure-gpu-provisioner");
      for (const name of ["team", ...ADMITTED.map(({ object }) => object.metadata.namespace ?? "")]) {
        await kinds.server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, { dryRun: false });
      }
    }, 60_000);
    afterAll(() => kinds.remove(), 60_000);

    it("refuses a field that it does not know", async () => {
      const misspelt = tuningWorkspace({ tuning: { input: { urls: ["https://example.com/a.json"] }, methode: "lora" } });
      expect((await judged(misspelt)).refusal).toContain("methode");
    });

    const tuned = TUNING_CASES.filter((each) => each.version === version).flatMap((each) => waysOf(version).map((way) => ({ ...each, way })));

    it.each(tuned)("takes the Workspace that tunes $preset by $method, its dataset $way", async ({ way, ...each }) => {
      const workspace = workspaceOf(each, way);
      expect(workspace.tuning).toMatchObject({ preset: { name: each.preset }, method: each.method });
      expect(await judged(workspace)).toEqual(TAKEN);
    });

    it.each(SERVING_CASES.filter((each) => each.version === version))("takes the object that serves $model with $adapters adapters", async (each) => {
      const server = serverOf(each);
      expect(server.kind).toBe(version === "0.6" ? "Workspace" : "InferenceSet");
      expect(await judged(server)).toEqual(TAKEN);
    });

    it.each(REFUSED_WHEN_MADE.filter(({ old }) => old || version !== "0.6"))("refuses $what", async ({ object, says }) => {
      expect((await judged(object)).refusal).toContain(says);
    });

    it.each(TAKEN_WHEN_MADE.filter(({ old }) => old || version !== "0.6"))("takes $what", async ({ object }) => {
      expect(await judged(object)).toEqual(TAKEN);
    });

    const admitted = PROVISIONERS.map((provisioner) => ({ provisioner, cases: ADMITTED.filter((each) => each.version === version && each.provisioner === provisioner) }));
    // Of what came after 0.12 there are none.
    const some = admitted.filter(({ cases }) => cases.length > 0);
    if (some.length === 0) return;
    describe.each(some)("with $provisioner", ({ provisioner, cases }) => {
      beforeAll(() => kinds.judgedWith(provisioner), 60_000);

      it.each(cases)(
        "admits what fails later, and this library refuses it with $code: $title",
        async ({ object, nodes, configuration, code, plan }) => {
          await havingNodes(nodes, () =>
            having(configMap(object, configuration), async () => {
              expect(await judged(object)).toEqual(TAKEN);
              expect(await refusedByLookingUp(kinds.server, version, object)).toEqual([]);
            }),
          );
          expect(problemsOf(plan)).toEqual([expect.objectContaining({ code })]);
        },
      );
    });
  });

  describe("of 0.12, of nodes of one's own", () => {
    beforeAll(async () => {
      kinds = await InstalledKinds.in(sandbox.home, "0.12", "byo");
    }, 60_000);
    afterAll(() => kinds.remove(), 60_000);

    it.each(REFUSED_ON_OWN_NODES)("refuses $what", async ({ object, says }) => {
      expect((await judged(object)).refusal).toContain(says);
    });
  });
});

/** Nodes with an A100 each that the hand-written selector matches, as GPU feature discovery labels them. */
/** A pool of nodes that say what GPUs they have; the sandbox makes them, and removes nodes that no pool has. */
function ownPool(count: number) {
  const gpu = { "nvidia.com/gpu.product": "NVIDIA-A100-80GB-PCIe", "nvidia.com/gpu.count": "1", "nvidia.com/gpu.memory": "81920" };
  return { name: "own", mode: "User", count, vmSize: "Standard_NC24ads_A100_v4", nodeLabels: { apps: "tickets", ...gpu } };
}

function configMap(object: KubernetesObject, configuration: Admitted["configuration"]): readonly KubernetesObject[] {
  const data = Object.entries(configuration).map(([key, value]) => [key, JSON.stringify(value)]);
  if (data.length === 0) return [];
  const metadata = { name: "tickets-config", namespace: object.metadata.namespace ?? "" };
  return [{ apiVersion: "v1", kind: "ConfigMap", metadata, ...{ data: Object.fromEntries(data) as object } }];
}
