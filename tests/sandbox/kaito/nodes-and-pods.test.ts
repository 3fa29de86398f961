import type { Pool } from "../../../sandbox/cluster/nodes/azure-state";
import { nodeTemplate } from "../../../sandbox/cluster/nodes/node-template";
import { planNodes } from "../../../sandbox/cluster/nodes/plan-nodes";
import { hasAddOn } from "../../../sandbox/kaito/operator/add-on";
import { adapterImage } from "../../../sandbox/kaito/operator/adapter-image";
import { decideClaim } from "../../../sandbox/kaito/operator/decide-claims";
import { decidePod, endedPod } from "../../../sandbox/kaito/operator/decide-pod";
import { installed } from "../../../sandbox/kaito/operator/installed";
import { nodeClaim, poolsOfClaims } from "../../../sandbox/kaito/operator/nodes";
import type { NodeClaim, Pod } from "../../../sandbox/kaito/operator/objects";
import { credentialsProblem, isOfTheSandbox, parseReference } from "../../../sandbox/kaito/operator/registry";
import { trainingConfig } from "../../../sandbox/kaito/operator/tuning-config";
import { SYSTEM } from "../cluster/pods";
import { claim, metadata, node, NOW, QUICK, trainingMap, tuning } from "../../support/kaito/situations";

describe("a NodeClaim", () => {
  const asked = { ...(nodeClaim(tuning(), "0123456789".slice(0, 9)) as NodeClaim), metadata: { ...metadata("ws012345678"), labels: { run: "one", "karpenter.sh/nodepool": "kaito" } } };

  it("becomes a pool of one simulated node of its size, with KAITO's labels and taint", () => {
    const [pool] = poolsOfClaims([asked], SYSTEM, QUICK, NOW);
    expect(pool).toMatchObject({ name: "ws012345678", vmSize: "Standard_NC24ads_A100_v4", count: 1, autoscaled: false, simulated: true, system: false });
    const { labels, taints, capacity } = nodeTemplate(pool ?? SYSTEM);
    expect(labels).toMatchObject({ run: "one", "karpenter.sh/nodepool": "kaito", agentpool: "ws012345678" });
    expect([taints, capacity["nvidia.com/gpu"]]).toEqual([[{ key: "sku", value: "gpu", effect: "NoSchedule" }], 1]);
  });

  it("is never played by a real kubelet, and its node takes KAITO's pods beside real nodes", () => {
    const pools = poolsOfClaims([asked], SYSTEM, QUICK, NOW);
    const plan = planNodes({ pools, nodes: [], settled: new Set(), pods: [], real: true, now: NOW, idleMilliseconds: 1000 });
    expect(plan.add).toEqual([expect.not.objectContaining({ slot: expect.anything() as unknown })]);
  });

  it("has no node before its time, without capacity, or when it is going", () => {
    const pools = (of: NodeClaim, settings = QUICK): readonly Pool[] => poolsOfClaims([of], SYSTEM, settings, NOW);
    expect(pools(asked, { ...QUICK, provisioningSeconds: 61 })).toEqual([]);
    expect(pools(asked, { ...QUICK, provisioningSeconds: 60 })).toHaveLength(1);
    expect(pools(asked, { ...QUICK, noCapacity: true })).toEqual([]);
    expect(pools(claim("ws1", true, { deletionTimestamp: "2026-11-26T12:00:00Z" }))).toEqual([]);
  });

  it("is ready with its node, and gone only after it", () => {
    const its = node("n", { agentpool: "ws1" });
    expect(decideClaim(claim("ws1", false), [its], QUICK, NOW)).toMatchObject([{ body: { status: { nodeName: "n", conditions: [{ type: "Launched", status: "True" }, {}, {}, { type: "Ready", status: "True" }] } } }]);
    expect(decideClaim(claim("ws1", false), [], { ...QUICK, noCapacity: true }, NOW)).toMatchObject([{ body: { status: { conditions: [{ reason: "LaunchFailed" }, {}, {}, {}] } } }]);
    const going = claim("ws1", true, { deletionTimestamp: "2026-11-26T12:00:00Z" });
    expect(decideClaim(going, [its], QUICK, NOW)).toEqual([]);
    expect(decideClaim(going, [], QUICK, NOW)).toMatchObject([{ body: { metadata: { finalizers: [] } } }]);
  });
});

describe("a pod whose kubelet is played", () => {
  const pod = (changes: Partial<Pod> = {}, owner = "Job"): Pod => ({
    metadata: metadata("p", { annotations: { "sandbox.aks-fine-tuning.dev/played-by": "kaito" }, ownerReferences: [{ kind: owner, name: "tickets", uid: "u" }] }),
    spec: { nodeName: "n", containers: [{ name: "tickets", image: "i" }, { name: "pusher", image: "i" }] },
    ...changes,
  });
  const running = { phase: "Running", podIP: "10.244.128.1", startTime: "2026-11-26T11:59:58Z", conditions: [{ type: "Ready", status: "False" }] };

  it.each([
    ["waits for a node", pod({ spec: { containers: [] } }), "nothing"],
    ["starts on it", pod(), "report"],
    ["trains for its time", pod({ status: { ...running, startTime: "2026-11-26T12:00:00Z" } }), "nothing"],
    ["ends after it", pod({ status: running }), "finish"],
    ["has ended", pod({ status: { ...running, phase: "Succeeded" } }), "nothing"],
    ["goes when it is deleted", pod({ metadata: { ...pod().metadata, deletionTimestamp: "2026-11-26T12:00:00Z" } }), "remove"],
    ["serves when its model is loaded", pod({ status: running }, "StatefulSet"), "report"],
  ])("%s", (_, of, does) => {
    expect(decidePod(of, QUICK, NOW).does).toBe(does);
  });

  it("is left to kwok otherwise", () => {
    expect(decidePod({ ...pod(), metadata: metadata("p") }, QUICK, NOW)).toEqual({ does: "nothing" });
  });

  it("loads its model as long as it is told", () => {
    const loading = decidePod(pod({}, "StatefulSet"), { ...QUICK, loadingSeconds: 3 }, NOW);
    expect(loading).toMatchObject({ status: { phase: "Running", containerStatuses: [{ ready: false }, { ready: false }] } });
    expect(decidePod(pod({ status: running }, "StatefulSet"), { ...QUICK, loadingSeconds: 3 }, NOW)).toEqual({ does: "nothing" });
  });

  it("fails by the container that failed, and with what it said", () => {
    const ended = endedPod(pod({ status: running }), { container: "pusher", message: "unauthorized" }, NOW);
    expect(ended).toMatchObject({ phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 0 } } }, { state: { terminated: { exitCode: 1, message: "unauthorized" } } }] });
  });
});

describe("what is installed", () => {
  const controller = (plays: string, namespace: string, version: string, args: readonly string[] = [], replicas = 1) => ({
    metadata: metadata("c", { namespace, labels: { "sandbox.aks-fine-tuning.dev/plays": plays, "app.kubernetes.io/version": version } }),
    spec: { replicas, template: { spec: { containers: [{ args }] } } },
  });
  const chart = (...args: readonly string[]) => controller("kaito-workspace", "kaito", "0.12.0", args);

  it("is read from the controllers, as an administrator would", () => {
    const how = { version: "0.12", provisioner: "karpenter", namespace: "kaito", inferenceSets: true, claimsAreServed: false };
    expect(installed([chart("--node-provisioner=karpenter")])).toEqual(how);
    expect(installed([chart("--feature-gates=vLLM=true,enableInferenceSetController=false")])).toMatchObject({ provisioner: "azure-gpu-provisioner", inferenceSets: false });
    expect(installed([chart(), controller("gpu-provisioner", "gp", "0.4.2")])).toMatchObject({ claimsAreServed: true });
    expect(installed([controller("kaito-workspace", "kube-system", "0.6.0")])).toMatchObject({ version: "0.6", claimsAreServed: true });
  });

  it("does nothing when it was scaled away", () => {
    expect(installed([controller("kaito-workspace", "kaito", "0.12.0", [], 0)])).toBeUndefined();
    expect(installed([])).toBeUndefined();
  });

  it("is the add-on where the cluster says so", () => {
    const cluster = (enabled: boolean) => ({ resources: { id: { type: "azure-native:containerservice:ManagedCluster", outputs: { aiToolchainOperatorProfile: { enabled } } } } });
    expect([hasAddOn(cluster(true)), hasAddOn(cluster(false)), hasAddOn(undefined)]).toEqual([true, false, false]);
  });
});

describe("the adapter that is pushed", () => {
  it("is the same for the same run, differs between runs, and says that it is simulated", () => {
    const facts = { preset: "phi-4", rank: 16, seed: "one" };
    const { manifest, digest, blobs } = adapterImage(facts);
    expect(adapterImage(facts).digest).toBe(digest);
    expect(adapterImage({ ...facts, seed: "two" }).digest).not.toBe(digest);
    const parsed = JSON.parse(manifest.toString()) as { readonly layers: readonly { readonly mediaType: string; readonly size: number }[]; readonly annotations: object };
    expect(parsed.layers).toEqual([{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: expect.any(String) as string, size: blobs[1]?.length }]);
    expect(parsed.annotations).toEqual({ "sh.kaito.model.name": "phi-4", "dev.aks-fine-tuning.sandbox.simulated": "true" });
  });

  it("is never pushed where controller and trainer disagree about the directory", () => {
    expect(trainingConfig(trainingMap())).toEqual({ outputDirectory: "/mnt/results", pushedFrom: "/mnt/results", rank: 16 });
    expect(trainingConfig(trainingMap("results"))).toMatchObject({ outputDirectory: "/mnt/results", pushedFrom: undefined });
    expect(() => trainingConfig({})).toThrow("training_config.yaml");
  });

  it("needs a secret that opens the registry", () => {
    const secret = (auths: object) => ({ data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") } });
    const opens = { auth: Buffer.from("user:pass").toString("base64") };
    expect(credentialsProblem(secret({ "a.io": opens }), "push", "a.io")).toBeUndefined();
    expect(credentialsProblem(secret({ "a.io": { username: "u", password: "p" } }), "push", "a.io")).toBeUndefined();
    expect(credentialsProblem(undefined, "push", "a.io")).toBe('secret "push" not found');
    expect(credentialsProblem({ data: {} }, "push", "a.io")).toMatch(/\.dockerconfigjson/);
    expect(credentialsProblem(secret({ "b.io": opens }), "push", "a.io")).toMatch(/no credentials for a\.io/);
    expect(credentialsProblem(secret({ "a.io": {} }), "push", "a.io")).toMatch(/no username or password/);
  });

  it("goes to registries of this machine alone", () => {
    expect(["127.0.0.1:5000", "10.111.0.1:41000"].map(isOfTheSandbox)).toEqual([true, true]);
    expect(["mlreg.azurecr.io", "127.0.0.1", "example.com:5000"].map(isOfTheSandbox)).toEqual([false, false, false]);
    expect(parseReference("h:1/a/b:tag")).toEqual({ host: "h:1", repository: "a/b", reference: "tag" });
    expect(parseReference("nothing")).toBeUndefined();
  });
});
