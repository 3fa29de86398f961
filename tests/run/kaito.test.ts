import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SERVICE_RANGE } from "../../components/plan/network";
import { API_SERVICE_ADDRESS, hostAddress, NODE_ADDRESSES } from "../../sandbox/cluster/addresses";
import { clusterSettings } from "../../sandbox/cluster/cluster-settings";
import { sandboxHome } from "../../sandbox/home";
import { ensureSandboxImages, pushSandboxImages } from "../../sandbox/images";
import { silentProgress } from "../../sandbox/progress";
import { ensureTools } from "../../sandbox/toolchain";
import { destroy, emptyPreview, failure, leftInAzure, up } from "../support/engine-steps";
import { KeptRuns, type RunRecord } from "../support/kaito/kept-runs";
import { setKaito } from "../support/kaito/settings";
import { type Seen, watch, type Watching } from "../support/kaito/watch";
import { connects, type NetworkNamespace } from "../support/packets";
import { enforcePolicies, type PolicyEngine } from "../support/policy-engine";
import { programStack } from "../support/program-stack";
import { borrowRealNodes, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

const PROGRAM = path.resolve(__dirname, "kaito-program");
/** Where network policies let runs reach a private API server. */
const API_SERVER_PORT = 443;
const ABSENT = `datasets/absent@sha256:${"0".repeat(64)}`;

/** Runs that KAITO tunes: its operator, its pods and its nodes are played; what keeps a run is a real pod, which policies hold. */
describe("a run that a real pod has KAITO tune", () => {
  let sandbox: TestSandbox;
  let stack: TestStack;
  let engine: PolicyEngine | undefined;
  let cluster: KeptRuns;
  let registry = "";
  let publicRegistry = "";
  const watching: Record<string, Watching> = {};

  beforeAll(async () => {
    borrowRealNodes();
    sandbox = startSandbox("auto", { "kube-apiserver": API_SERVER_PORT });
    const settings = clusterSettings(sandboxHome(sandbox.home));
    if (settings?.nodes !== "real") throw new Error(`real pods need real nodes: ${settings?.reason ?? ""}`);
    ({ publicRegistry } = settings);
    cluster = new KeptRuns(sandbox, "support");
    stack = programStack(sandbox, PROGRAM, "kaito-runs");
    const platform = up(stack);
    if (platform.code !== 0) throw new Error(platform.output);
    registry = output<string>("loginServer");
    stack.set("nodeRange", `${NODE_ADDRESSES[0].replace(/\d+$/, "0")}/24`);
    stack.set("registryRange", `${hostAddress("real")}/32`);
    stack.set("registryPort", portOf(registry));
    const { crane } = await ensureTools(["crane"], silentProgress);
    const { trainer } = await pushSandboxImages(await ensureSandboxImages(silentProgress), publicRegistry, crane);
    stack.set("trainerImage", trainer);
    engine = enforcePolicies(sandbox, { name: cluster.cpuNode(), address: NODE_ADDRESSES[0] }, SERVICE_RANGE);
    for (const kind of ["configmaps", "workspaces.kaito.sh", "jobs"]) watching[kind] = watch(sandbox, kind, "support");
  }, 1_800_000);

  afterAll(async () => {
    Object.values(watching).forEach(({ stop }) => stop());
    await engine?.stop();
    sandbox.down();
  }, 180_000);

  describe("from its beginning to its adapter", () => {
    let runId = "";
    let keeper = "";
    let began: RunRecord = {};

    it("begins with an up that does not wait for it", async () => {
      setKaito(sandbox.home, { provisioningSeconds: 12, tuningSeconds: 30 });
      runId = started([{ name: "tickets", rank: 16 }]);
      expect(["declared", "preflight", "queued"]).toContain(cluster.record("tickets").state);
      keeper = await cluster.until("the keeper's pod", () => cluster.keeperPod(runId));
    }, 300_000);

    it("lets the keeper reach API server and registry, and a pod of no run the API server not", async () => {
      const container = { name: "pause", image: "sandbox.local/pause:1", imagePullPolicy: "IfNotPresent" };
      const spec = { nodeName: cluster.cpuNode(), automountServiceAccountToken: false, containers: [container] };
      cluster.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "stranger" }, spec });
      const inside = await cluster.until("both pods' networks", () => {
        const [one, other] = [keeper, "stranger"].map((pod) => cluster.networkOf(pod));
        return one !== undefined && other !== undefined ? { keeper: one, stranger: other } : undefined;
      });
      const places = [
        [API_SERVICE_ADDRESS, API_SERVER_PORT],
        [hostAddress("real"), portOf(registry)],
        // The same machine, at a port that no policy names.
        [hostAddress("real"), portOf(publicRegistry)],
      ] as const;
      const reached = (pod: NetworkNamespace) => places.map(([address, port]) => connects(pod, address, port));
      const expected = { keeper: [true, true, false], stranger: [false, true, false] };
      let seen = { keeper: reached(inside.keeper), stranger: reached(inside.stranger) };
      // The engine hears of a pod a moment after it runs.
      for (let attempt = 0; attempt < 10 && JSON.stringify(seen) !== JSON.stringify(expected); attempt += 1) {
        await sleep(500);
        seen = { keeper: reached(inside.keeper), stranger: reached(inside.stranger) };
      }
      expect(seen).toEqual(expected);
    }, 60_000);

    it("is kept on a CPU node by a pod that a restricted namespace would take too", () => {
      expect(cluster.kubectl("get", "pod", keeper, "-o", "jsonpath={.spec.nodeName}")).toBe(cluster.cpuNode());
      const level = "pod-security.kubernetes.io/enforce=restricted";
      const warnings = cluster.kubectl("label", "namespace", "support", level, "--overwrite", "--dry-run=server");
      expect([warnings.includes("stranger"), warnings.includes(keeper)]).toEqual([true, false]);
    });

    it.each([
      ["patch", "configmap/tickets", "yes"],
      ["create", "workspaces.kaito.sh", "yes"],
      ["delete", "workspaces.kaito.sh/tickets", "yes"],
      ["delete", "workspaces.kaito.sh/other", "no"],
      ["patch", "workspaces.kaito.sh/tickets", "no"],
      ["patch", "configmap/other", "no"],
      ["get", "secret/tickets-push", "no"],
      ["delete", "job/tickets", "no"],
      ["create", "pods", "no"],
    ])("may %s %s: %s", (verb, what, answer) => {
      expect(cluster.may("tuning", verb, what)).toBe(answer);
    });

    it("goes on in the next pod when its node is drained", async () => {
      began = await cluster.until("tuning", () => (cluster.record("tickets").state === "tuning" ? cluster.record("tickets") : undefined));
      expect(began.paidSince).toMatch(/^\d{4}-/);
      cluster.evict(keeper);
      await cluster.until("another pod", () => [cluster.keeperPod(runId)].find((name) => name !== undefined && name !== keeper));
      expect(cluster.workspaces()).toEqual(["tickets"]);
    }, 120_000);

    it("succeeds with the adapter that KAITO pushed: one Workspace, and time paid from its first pod on", async () => {
      const done = await cluster.until("success", () => cluster.ended("tickets", runId));
      expect(done).toMatchObject({ state: "succeeded", runId, adapterRank: "16", paidSince: began.paidSince });
      expect(Number(done.usd)).toBeGreaterThan(0);
      expect(await made("workspaces.kaito.sh")).toHaveLength(1);
      const states = (await seen("configmaps")).filter(({ name, state }) => name === "tickets" && state !== "");
      expect([...new Set(states.map(({ state }) => state))]).toEqual(["declared", "preflight", "queued", "tuning", "succeeded"]);
      const manifest = JSON.parse(cluster.run("crane", "manifest", `${registry}/support/tickets:${runId}`)) as { readonly annotations: object };
      expect(manifest.annotations).toMatchObject({ "sh.kaito.model.name": "phi-4-mini-instruct", "dev.aks-fine-tuning.sandbox.simulated": "true" });
      const digest = done.adapterDigest ?? "";
      expect(cluster.run("crane", "digest", `${registry}/support/tickets@${digest}`).trim()).toBe(digest);
    }, 240_000);

    it("gives its node back", async () => {
      await cluster.untilNone("the Workspace", () => cluster.workspaces());
      await cluster.untilNone("the node", () => cluster.gpuNodes());
      const succeeded = () => cluster.kubectl("get", "job", `tickets-${runId}`, "-o", "jsonpath={.status.succeeded}");
      await cluster.until("the keeper's end", () => (succeeded() === "1" ? true : undefined));
      expect([cluster.workspaces(), cluster.gpuNodes()]).toEqual([[], []]);
    }, 240_000);

    it("leaves nothing to do to a preview, and to an up the adapter to tell of, and nothing to train", async () => {
      expect(failure(emptyPreview(stack))).toBe("");
      expect(failure(up(stack))).toBe("");
      expect(told("tickets").adapterImage).toBe(`${registry}/support/tickets@${cluster.record("tickets").adapterDigest ?? ""}`);
      // KAITO's and the keeper's.
      expect([await made("workspaces.kaito.sh"), await made("jobs")].map(({ length }) => length)).toEqual([1, 2]);
    }, 180_000);
  });

  describe("on a KAITO whose pods fail", () => {
    it("succeeds all the same where a later pod of KAITO's Job does, whatever the Workspace says", async () => {
      const { adapterDigest: first } = cluster.record("tickets");
      setKaito(sandbox.home, { failedTuningPods: 1, retries: 1 });
      const runId = started([{ name: "tickets", rank: 8 }, { name: "returns", rank: 16, dataset: `${registry}/${ABSENT}` }]);
      const states = new Set<string>();
      const done = await cluster.until("success", () => {
        states.add(cluster.workspaceState("tickets"));
        return cluster.ended("tickets", runId);
      });
      expect(done).toMatchObject({ state: "succeeded", runId, adapterRank: "8" });
      expect(done.adapterDigest).not.toBe(first);
      expect([states.has("Failed"), states.has("Succeeded")]).toEqual([true, false]);
    }, 300_000);

    it("fails with the words of KAITO's pods where none succeeds, and gives the node back", async () => {
      const done = await cluster.until("failure", () => cluster.ended("returns", told("returns").runId));
      expect(done.state).toBe("failed");
      expect(done.reason).toMatch(/^container returns of pod returns-\w+ exited with 1: Error: puller: .*absent@sha256:0+: manifest unknown \(KAITO's Job has failed: .*backoff limit/);
      await cluster.untilNone("the Workspaces", () => cluster.workspaces());
      await cluster.untilNone("the nodes", () => cluster.gpuNodes());
    }, 300_000);
  });

  it("is ended by a destroy, however slow KAITO is: first the Workspace, then what keeps it, and nothing stays", async () => {
    setKaito(sandbox.home, { tuningSeconds: 3600, deletionSeconds: 10 });
    const runId = started([{ name: "tickets", rank: 4 }]);
    await cluster.until("tuning", () => (cluster.record("tickets").runId === runId && cluster.record("tickets").state === "tuning" ? true : undefined));
    expect(failure(destroy(stack))).toBe("");
    expect(leftInAzure(sandbox)).toEqual([]);
    expect(stack.resources()).toEqual([]);
    const ended = await gone("workspaces.kaito.sh");
    expect(ended.map(({ uid }) => uid).sort()).toEqual((await made("workspaces.kaito.sh")).map(({ uid }) => uid).sort());
    const workspace = ended.at(-1);
    const keeper = (await gone("jobs")).find(({ name }) => name === `tickets-${runId}`);
    expect(keeper?.version).toBeGreaterThan(workspace?.version ?? Infinity);
  }, 420_000);

  /** Declares runs, and starts those that are new; the id of the first. */
  function started(runs: readonly { readonly name: string; readonly rank: number; readonly dataset?: string }[]): string {
    stack.set("runs", runs);
    expect(failure(up(stack))).toBe("");
    return told(runs[0]?.name ?? "").runId;
  }

  function output<T>(name: string): T {
    return JSON.parse(stack.pulumi("stack", "output", name, "--json").output) as T;
  }

  /** What the stack tells of a run. */
  function told(name: string): { readonly runId: string; readonly adapterImage?: string } {
    return output<Record<string, { readonly runId: string; readonly adapterImage?: string }>>("runs")[name] ?? { runId: "" };
  }

  /** What happened to objects of a kind; what was seen while this process waited for a command, it hears when it has time for it. */
  async function seen(kind: string): Promise<readonly Seen[]> {
    await sleep(500);
    return watching[kind]?.seen ?? [];
  }

  const made = async (kind: string) => (await seen(kind)).filter(({ event }) => event === "ADDED");
  const gone = async (kind: string) => (await seen(kind)).filter(({ event }) => event === "DELETED");
});

function portOf(host: string): number {
  return Number(host.split(":")[1]);
}
