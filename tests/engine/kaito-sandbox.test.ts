import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxHome } from "../../sandbox/home";
import { type ApiServer, apiServerOf } from "../support/api-server";
import { azureHas as sandboxAzureHas } from "../support/kaito/azure";
import { GPU_PROVISIONER_CHART, KAITO_CHART, Releases, statusOf } from "../support/kaito/helm";
import { type KaitoObject, inferenceSet, RESOURCE, tuningWorkspace } from "../support/kaito/objects";
import { EDITS, REFUSED_WHEN_MADE, TAKEN_WHEN_MADE } from "../support/kaito/refused";
import { setKaito } from "../support/kaito/settings";
import { startSandbox, type TestSandbox } from "../support/sandbox";

interface Item {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>>; readonly finalizers?: readonly string[] };
  readonly status?: { readonly state?: string; readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[] };
}

/** KAITO as the sandbox plays it, on a real API server: no engine and no program, the stand-ins alone. */
describe("KAITO in the sandbox", () => {
  let sandbox: TestSandbox;
  let server: ApiServer;
  let helm: Releases;

  beforeAll(async () => {
    sandbox = startSandbox("simulated");
    azureHas({});
    server = apiServerOf(sandbox.home);
    helm = await Releases.in(sandbox.home);
    await server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } }, { dryRun: false });
  }, 900_000);
  afterAll(() => {
    server.close();
    sandbox.down();
  }, 120_000);

  const azureHas = (more: object, ...pools: readonly object[]): void => {
    sandboxAzureHas(sandbox.home, more, ...pools);
  };

  async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < 150; attempt++) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      await sleep(200);
    }
    throw new Error(`${what} does not come about`);
  }

  const all = async (where: string) => (await server.get<{ readonly items: readonly Item[] }>(where)).items;
  const one = (kind: string, name: string) => server.get<Item>(`/apis/kaito.sh/v1beta1/namespaces/team/${kind}/${name}`);
  const gone = (where: string) => eventually(`the end of ${where}`, async () => ((await server.get(where).then(() => true, () => false)) ? undefined : true));
  const claims = () => all("/apis/karpenter.sh/v1/nodeclaims");
  const gpuNodes = async () => (await all("/api/v1/nodes")).filter(({ metadata }) => metadata.labels?.["kubernetes.azure.com/accelerator"] === "nvidia");
  const holds = ({ status }: Item, type: string) => status?.conditions?.find((each) => each.type === type)?.status;
  const make = async (object: KaitoObject) => expect(await server.apply(object, { dryRun: false })).toEqual({ unknownKind: false });

  async function pushSecret(registry: string): Promise<void> {
    const config = { auths: { [registry]: { auth: Buffer.from("token:password").toString("base64") } } };
    const data = { ".dockerconfigjson": Buffer.from(JSON.stringify(config)).toString("base64") };
    await server.apply({ apiVersion: "v1", kind: "Secret", metadata: { name: "push", namespace: "team" }, type: "kubernetes.io/dockerconfigjson", data } as never, { dryRun: false });
  }

  const publicRegistry = () => (JSON.parse(execFileSync("cat", [sandboxHome(sandbox.home).cluster], { encoding: "utf8" })) as { readonly publicRegistry: string }).publicRegistry;

  describe("by its chart", () => {
    const run = { output: { image: "", imagePushSecret: "push" }, input: { urls: ["https://example.com/rows.jsonl"] } };
    let kaito: Awaited<ReturnType<Releases["install"]>>;
    let provisioner: typeof kaito;

    it("is installed, read and upgraded", async () => {
      provisioner = await helm.install(GPU_PROVISIONER_CHART);
      const first = await helm.install(KAITO_CHART);
      expect(statusOf(first)).toEqual({ name: "kaito-workspace", namespace: "kaito-workspace", revision: 1, status: "deployed", chart: "workspace", version: "0.12.0", appVersion: "0.12.0" });
      kaito = await helm.upgrade(first, { ...KAITO_CHART, timeout: 15, values: { nvidiaDevicePlugin: { enabled: false } } });
      expect(statusOf(await helm.read(kaito))).toMatchObject({ revision: 2, status: "deployed" });
      expect(await all("/apis/apps/v1/namespaces/kaito-workspace/daemonsets")).toEqual([]);
    }, 120_000);

    it.each(REFUSED_WHEN_MADE)("refuses %s", async (_, object, says) => {
      expect((await server.apply(object, { dryRun: true })).refusal).toContain(says);
    });

    it.each(TAKEN_WHEN_MADE)("takes %s", async (_, object) => {
      expect(await server.apply(object, { dryRun: true })).toEqual({ unknownKind: false });
    });

    it("refuses fields that it does not know", async () => {
      const misspelt = tuningWorkspace({ tuning: { ...run, methode: "lora" } });
      expect((await server.apply(misspelt, { dryRun: true })).refusal).toMatch(/methode/);
    });

    it("judges edits of what is there as KAITO does", async () => {
      const wrong: string[] = [];
      for (const [what, before, after, says] of EDITS) {
        await make(before);
        const { refusal } = await server.apply(after, { dryRun: true });
        if (says === undefined ? refusal !== undefined : refusal?.includes(says) !== true) wrong.push(`${what}: ${refusal ?? "taken"}`);
        await server.delete(`/apis/kaito.sh/v1beta1/namespaces/team/${before.kind.toLowerCase()}s/${before.metadata.name}`);
      }
      expect(wrong).toEqual([]);
      await eventually("no Workspace", async () => ((await all("/apis/kaito.sh/v1beta1/workspaces")).length === 0 ? true : undefined));
      await eventually("no node", async () => ((await gpuNodes()).length === 0 ? true : undefined));
    }, 120_000);

    it("tunes: a node, a Job whose first pod fails, an adapter, and a state that stays Failed", async () => {
      const registry = publicRegistry();
      const image = `${registry}/kaito-tests/adapters:run`;
      await pushSecret(registry);
      setKaito(sandbox.home, { failedTuningPods: 1 });
      await make(tuningWorkspace({ tuning: { ...run, output: { image, imagePushSecret: "push" } } }));
      const job = "/apis/batch/v1/namespaces/team/jobs/tickets";
      const done = await eventually("the Job's success", async () => {
        const { status } = await server.get<{ readonly status: { readonly succeeded?: number; readonly failed?: number } }>(job);
        return status.succeeded === 1 ? status : undefined;
      });
      expect(done).toMatchObject({ succeeded: 1, failed: 1 });
      const workspace = await one("workspaces", "tickets");
      expect([workspace.status?.state, holds(workspace, "ResourceReady"), holds(workspace, "WorkspaceSucceeded")]).toEqual(["Failed", "True", "False"]);
      expect(await claims()).toHaveLength(1);
      const tags = await fetch(`http://${registry}/v2/kaito-tests/adapters/manifests/run`, { headers: { accept: "application/vnd.oci.image.manifest.v1+json" } });
      expect(await tags.json()).toMatchObject({ annotations: { "sh.kaito.model.name": "phi-4-mini-instruct", "dev.aks-fine-tuning.sandbox.simulated": "true" } });
    }, 120_000);

    it("gives the node back when the Workspace is deleted, as slowly as it is told", async () => {
      setKaito(sandbox.home, { deletionSeconds: 3 });
      await server.delete("/apis/kaito.sh/v1beta1/namespaces/team/workspaces/tickets");
      await eventually("no claim", async () => ((await claims()).length === 0 ? true : undefined));
      expect((await one("workspaces", "tickets")).metadata.finalizers).toEqual(["workspace.finalizer.kaito.sh"]);
      await gone("/apis/kaito.sh/v1beta1/namespaces/team/workspaces/tickets");
      expect(await gpuNodes()).toEqual([]);
    }, 60_000);

    it("says why a push fails, and trains on a pool of one's own with the labels of the recipe, where it buys nothing", async () => {
      setKaito(sandbox.home);
      const nodeLabels = { "kaito.sh/workspace": "own", "kaito.sh/workspacenamespace": "team", ...RESOURCE.labelSelector.matchLabels };
      azureHas({}, { name: "own", mode: "User", count: 1, vmSize: RESOURCE.instanceType, nodeLabels, nodeTaints: ["sku=gpu:NoSchedule"] });
      await eventually("the pool's node", async () => ((await gpuNodes()).length === 1 ? true : undefined));
      await make(tuningWorkspace({ name: "own", tuning: { ...run, output: { image: `${publicRegistry()}/kaito-tests/a:1`, imagePushSecret: "absent" } } }));
      await eventually("failure", async () => ((await one("workspaces", "own")).status?.state === "Failed" ? true : undefined));
      const [pod] = (await all("/api/v1/namespaces/team/pods?labelSelector=kaito.sh%2Fworkspace%3Down")).slice(0, 1);
      expect(JSON.stringify(pod)).toContain('secret \\"absent\\" not found');
      expect(await claims()).toEqual([]);
      await server.delete("/apis/kaito.sh/v1beta1/namespaces/team/workspaces/own");
      await gone("/apis/kaito.sh/v1beta1/namespaces/team/workspaces/own");
      azureHas({});
    }, 120_000);

    it("serves: a set with a child, a server, a Service, and none of them at none", async () => {
      setKaito(sandbox.home, { loadingSeconds: 1 });
      await make(inferenceSet());
      await eventually("the set's readiness", async () => (holds(await one("inferencesets", "chat"), "InferenceSetReady") === "True" ? true : undefined));
      const [child] = await all("/apis/kaito.sh/v1beta1/namespaces/team/workspaces");
      const name = child?.metadata.name ?? "";
      expect(name).toMatch(/^chat-[0-9a-f]{5}$/);
      const pods = await all(`/api/v1/namespaces/team/pods?labelSelector=inferenceset.kaito.sh%2Fcreated-by%3Dchat`);
      expect(pods.map(({ metadata }) => [metadata.name, metadata.labels?.["kaito.sh/workspace"]])).toEqual([[`${name}-0`, name]]);
      await server.get(`/api/v1/namespaces/team/services/${name}`);
      await make(inferenceSet({ replicas: 0 }));
      await eventually("no child", async () => ((await all("/apis/kaito.sh/v1beta1/namespaces/team/workspaces")).length === 0 ? true : undefined));
      await eventually("no node", async () => ((await gpuNodes()).length === 0 ? true : undefined));
      await server.delete("/apis/kaito.sh/v1beta1/namespaces/team/inferencesets/chat");
      await gone("/apis/kaito.sh/v1beta1/namespaces/team/inferencesets/chat");
    }, 120_000);

    it("buys a node for what cannot be tuned, and goes round in circles", async () => {
      await make(tuningWorkspace({ name: "untunable", tuning: { ...run, output: { image: "a.io/b:1", imagePushSecret: "push" }, preset: { name: "meta-llama/Llama-3.1-8B-Instruct" } } }));
      const error = await eventually("the error", async () => (await one("workspaces", "untunable")).status?.conditions?.find(({ message }) => message.includes("nil pointer"))?.message);
      expect(error).toMatch(/last reconcile error/);
      expect(await gpuNodes()).toHaveLength(1);
    }, 60_000);

    it("leaves a Workspace that nobody lets go of when the chart goes first, and its kind with it", async () => {
      await expect(helm.uninstall(kaito)).rejects.toThrow(/uninstallation completed with 1 error\(s\): timed out .*workspaces\.kaito\.sh still there/);
      expect(await helm.read(kaito)).toBeUndefined();
      expect((await one("workspaces", "untunable")).metadata.finalizers).toEqual(["workspace.finalizer.kaito.sh"]);
      const patch = ["kubectl", "patch", "workspace", "untunable", "-n", "team", "--type", "merge", "-p", '{"metadata":{"finalizers":[]}}'];
      expect(sandbox.run(patch).code).toBe(0);
      await gone("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/workspaces.kaito.sh");
      for (const { metadata } of await claims()) await server.delete(`/apis/karpenter.sh/v1/nodeclaims/${metadata.name}`);
      await eventually("no claim", async () => ((await claims()).length === 0 ? true : undefined));
      expect(await gpuNodes()).toEqual([]);
      await helm.uninstall(provisioner);
      await server.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodeclaims.karpenter.sh");
    }, 120_000);

    it("makes its nodes with Karpenter where the cluster has it", async () => {
      azureHas({ nodeProvisioningProfile: { mode: "Auto" } });
      const release = await eventually("Karpenter", async () => ((await all("/apis/karpenter.sh/v1/nodepools")).length === 0 ? helm.install({ ...KAITO_CHART, values: { nodeProvisioner: "karpenter" } }) : undefined));
      await make(inferenceSet());
      await eventually("the set's readiness", async () => (holds(await one("inferencesets", "chat"), "InferenceSetReady") === "True" ? true : undefined));
      expect((await all("/apis/karpenter.sh/v1/nodepools")).map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^team-chat-/)]);
      expect(await claims()).toEqual([]);
      await server.delete("/apis/kaito.sh/v1beta1/namespaces/team/inferencesets/chat");
      await gone("/apis/kaito.sh/v1beta1/namespaces/team/inferencesets/chat");
      await helm.uninstall(release);
      await eventually("no node", async () => ((await gpuNodes()).length === 0 ? true : undefined));
    }, 120_000);
  });

  it("comes and goes with the add-on, in 0.6: without sets, with claims served by the control plane", async () => {
    azureHas({ aiToolchainOperatorProfile: { enabled: true } });
    await eventually("the controller", async () => ((await all("/apis/apps/v1/namespaces/kube-system/deployments")).some(({ metadata }) => metadata.name === "kaito-workspace") ? true : undefined));
    const kinds = async () => (await all("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")).map(({ metadata }) => metadata.name).filter((name) => name.endsWith("kaito.sh"));
    expect(await kinds()).toEqual(["workspaces.kaito.sh"]);
    await make(tuningWorkspace({ name: "addon", tuning: { input: { urls: ["https://example.com/a.json"] }, output: { volumeSource: { emptyDir: {} } } } }));
    const succeeded = await eventually("success", async () => {
      const workspace = await one("workspaces", "addon");
      return holds(workspace, "WorkspaceSucceeded") === "True" ? workspace : undefined;
    });
    expect(succeeded.status?.state).toBeUndefined();
    await server.delete("/apis/kaito.sh/v1beta1/namespaces/team/workspaces/addon");
    await gone("/apis/kaito.sh/v1beta1/namespaces/team/workspaces/addon");
    azureHas({});
    await eventually("no kind of KAITO's", async () => ((await kinds()).length === 0 ? true : undefined));
  }, 120_000);
});
