import { decideWorkspace, type Situation } from "../../../sandbox/kaito/operator/decide-workspace";
import type { Action, Workspace } from "../../../sandbox/kaito/operator/objects";
import { BOUGHT, CHART, claim, job, metadata, node, OWNED, QUICK, situation, trainingMap, tuning } from "../../support/kaito/situations";

/** As the controller leaves a Workspace after its first two looks. */
function settled(changes: Partial<Workspace> = {}): Workspace {
  const bare = tuning(changes);
  const [revised] = decideWorkspace(bare, situation());
  const body = revised?.body as { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...bare.metadata.annotations, ...body.metadata.annotations } } };
}

const brief = ({ verb, path }: Action) => `${verb} ${path.split("/").slice(-2).join("/")}`;
const actions = (workspace: Workspace, where: Situation) => decideWorkspace(workspace, where).map(brief);

interface Status {
  readonly state?: string;
  readonly workerNodes?: readonly string[];
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly message: string }[];
}

function status(workspace: Workspace, where: Situation): Status {
  const written = decideWorkspace(workspace, where).find(({ path }) => path.endsWith("/status"));
  return (written?.body as { readonly status: Status }).status;
}

const holds = (of: Status, type: string) => of.conditions.find((each) => each.type === type)?.status;
const there = { nodes: [node("n", BOUGHT)], claims: [claim("ws1", true)] };

describe("a Workspace that tunes", () => {
  it("gets its finalizer first, then its revision", () => {
    const fresh = tuning({ metadata: metadata("tickets") });
    expect(decideWorkspace(fresh, situation())).toEqual([
      { verb: "patch", path: "/apis/kaito.sh/v1beta1/namespaces/team/workspaces/tickets", body: { metadata: { finalizers: ["workspace.finalizer.kaito.sh"] } } },
    ]);
    expect(settled().metadata.annotations?.["workspace.kaito.io/revision"]).toBe("1");
  });

  it("asks for a node, and for one only", () => {
    expect(actions(settled(), situation())).toEqual(["patch tickets/status", "create v1/nodeclaims"]);
    expect(actions(settled(), situation({ view: { claims: [claim("ws1", false)] } }))).toEqual(["patch tickets/status"]);
  });

  it("asks for none where a pool of one's own has the labels of the recipe and the size", () => {
    const own = situation({ view: { nodes: [node("mine", OWNED)] } });
    expect(actions(settled(), own)).toEqual(["patch tickets/status", "create team/jobs"]);
    const foreign = situation({ view: { nodes: [node("mine", { run: "one" })] } });
    expect(actions(settled(), foreign)).toEqual(["patch tickets/status", "create v1/nodeclaims"]);
    const small = { ...node("mine", OWNED), metadata: { name: "mine", labels: { ...OWNED, "node.kubernetes.io/instance-type": "Standard_NC4as_T4_v3" } } };
    expect(actions(settled(), situation({ view: { nodes: [small] } }))).toEqual(["patch tickets/status", "create v1/nodeclaims"]);
  });

  it("makes a Job of its name when its node is ready, not before", () => {
    const waiting = situation({ view: { ...there, nodes: [node("n", BOUGHT, false)] } });
    expect(actions(settled(), waiting)).toEqual(["patch tickets/status"]);
    expect(actions(settled(), situation({ view: there }))).toEqual(["patch tickets/status", "create team/jobs"]);
  });

  it("mounts an image where the controller knows such volumes, and an empty folder in 0.6", () => {
    const { tuning: part } = tuning();
    const volumeSource = { image: { reference: "a.io/data:1" } };
    const mounted = settled({ tuning: { ...(part ?? { output: {} }), input: { volumeSource } } });
    const data = (version: "0.6" | "0.12") => {
      const made = decideWorkspace(mounted, situation({ how: { ...CHART, version }, view: there })).find(({ path }) => path.endsWith("/jobs"));
      const { volumes } = (made?.body as { readonly spec: { readonly template: { readonly spec: { readonly volumes: readonly { readonly name: string }[] } } } }).spec.template.spec;
      return volumes.find(({ name }) => name === "data-volume");
    };
    expect([data("0.12"), data("0.6")]).toEqual([
      { name: "data-volume", ...volumeSource },
      { name: "data-volume", emptyDir: {} },
    ]);
  });

  it("copies the method's template once where it names no ConfigMap", () => {
    const { tuning: part } = tuning();
    const unnamed = settled({ tuning: { ...(part ?? { input: {}, output: {} }), config: "" } });
    const templates = new Map([["kaito-workspace/qlora-params-template", trainingMap()]]);
    expect(actions(unnamed, situation({ view: { ...there, configMaps: templates } }))).toEqual(["patch tickets/status", "create team/configmaps", "create team/jobs"]);
    const copied = new Map([...templates, ["team/qlora-params-template", trainingMap()]]);
    expect(actions(unnamed, situation({ view: { ...there, configMaps: copied } }))).toEqual(["patch tickets/status", "create team/jobs"]);
  });

  it.each<[string, Partial<Workspace>, Partial<Situation>, RegExp]>([
    ["a preset that cannot be tuned", { tuning: { preset: { name: "meta-llama/Llama-3.1-8B-Instruct" }, method: "lora", config: "training", input: {}, output: {} } }, {}, /nil pointer/],
    ["a size that is not in the table", { resource: { instanceType: "Standard_NC6s_v3", labelSelector: { matchLabels: { run: "one" } } } }, {}, /unsupported SKU/],
    ["a ConfigMap that is not there", { tuning: { preset: { name: "phi-4" }, method: "lora", config: "absent", input: {}, output: {} } }, {}, /ConfigMap absent not found/],
    ["a method in capitals without a ConfigMap", { tuning: { preset: { name: "phi-4" }, method: "QLoRA", input: {}, output: {} } }, {}, /not found/],
    ["nodes of one's own", { resource: { labelSelector: { matchLabels: { run: "one" } } } }, { how: { ...CHART, provisioner: "byo" } }, /unsupported SKU/],
  ])("goes round in circles, its node paid for, over %s", (_, changes, where, says) => {
    const size = changes.resource?.instanceType ?? "Standard_NC24ads_A100_v4";
    const view = { ...there, nodes: [node("n", { ...BOUGHT, "node.kubernetes.io/instance-type": size })] };
    const stuck = situation({ ...where, view });
    expect(actions(settled(changes), stuck)).toEqual(["patch tickets/status"]);
    const said = status(settled(changes), stuck);
    expect(holds(said, "ResourceReady")).toBe("True");
    expect(said.conditions.map(({ message }) => message)).toEqual(said.conditions.map(() => expect.stringMatching(says) as string));
  });

  it.each([
    ["before its Job", undefined, "Pending", "False"],
    ["while it trains", { active: 1, ready: 1 }, "Running", "False"],
    ["after it", { succeeded: 1 }, "Succeeded", "True"],
    ["after a pod failed, although the next succeeded", { succeeded: 1, failed: 1 }, "Failed", "False"],
  ])("is, %s, in the state that KAITO says", (_, of, state, succeeded) => {
    const view = { ...there, jobs: of ? [job(of)] : [] };
    const said = status(settled(), situation({ view }));
    expect([said.state, holds(said, "WorkspaceSucceeded"), said.workerNodes]).toEqual([state, succeeded, ["n"]]);
  });

  it("has conditions and no state in 0.6", () => {
    expect(status(settled(), situation({ how: { ...CHART, version: "0.6" }, view: there }))).toEqual({ conditions: expect.any(Array) as unknown[], workerNodes: ["n"] });
  });

  it("trains anew after an edit, whatever became of the last run", () => {
    const view = { ...there, jobs: [job({ succeeded: 1 }, { "workspace.kaito.io/revision": "0" })] };
    const [, removal] = decideWorkspace(settled(), situation({ view }));
    expect(removal).toEqual({ verb: "delete", path: "/apis/batch/v1/namespaces/team/jobs/tickets", body: { propagationPolicy: "Foreground" } });
  });

  it("says what the API server refused", () => {
    expect(status(settled(), situation({ view: there, lastError: "jobs is forbidden" })).conditions[0]?.message).toMatch(/last reconcile error: jobs is forbidden/);
  });
});

describe("a Workspace that is deleted", () => {
  const going = settled({ metadata: metadata("tickets", { finalizers: ["workspace.finalizer.kaito.sh"], deletionTimestamp: "2026-11-26T11:59:50Z" }) });

  it("gives its nodes back, and goes when they are gone", () => {
    expect(actions(going, situation({ view: there }))).toEqual(["delete nodeclaims/ws1", "patch tickets/status"]);
    const [last] = decideWorkspace(going, situation());
    expect(last).toMatchObject({ verb: "patch", body: { metadata: { finalizers: [] } } });
  });

  it("takes as long as it is told", () => {
    expect(actions(going, situation({ settings: { ...QUICK, deletionSeconds: 11 } }))).toEqual(["patch tickets/status"]);
    expect(actions(going, situation({ settings: { ...QUICK, deletionSeconds: 10 } }))).toEqual(["patch workspaces/tickets"]);
  });

  it("is left alone where KAITO's finalizer is not on it", () => {
    expect(decideWorkspace({ ...going, metadata: { ...going.metadata, finalizers: ["another"] } }, situation())).toEqual([]);
  });
});

describe("a Workspace that serves", () => {
  const serving = settled({ tuning: undefined, inference: { preset: { name: "phi-4" }, adapters: [{ source: { name: "a", image: "a.io/b:1", imagePullSecrets: ["pull"] } }] } });

  it("gets a server and two Services", () => {
    const made = decideWorkspace(serving, situation({ view: there }));
    expect(made.map(brief)).toEqual(["patch tickets/status", "create team/services", "create team/services", "create team/statefulsets"]);
    expect(made[1]?.body).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 5000 }, {}, {}], selector: { "kaito.sh/workspace": "tickets", "statefulset.kubernetes.io/pod-name": "tickets-0" } } });
  });

  it("gets a Deployment in 0.6", () => {
    const made = decideWorkspace(serving, situation({ how: { ...CHART, version: "0.6" }, view: there }));
    expect(made.map(brief)).toContain("create team/deployments");
  });

  it("is changed only where KAITO's patch reaches: not in its command, so that a first adapter does nothing", () => {
    const owner = { kind: "Workspace", name: "tickets", uid: "uid-of-tickets", controller: true };
    const command = ["as", "it", "was"];
    const template = { spec: { containers: [{ name: "tickets", command, volumeMounts: [{ name: "adapter-gone", mountPath: "/mnt/adapter/gone" }] }] } };
    const servers = [{ metadata: metadata("tickets", { annotations: { "workspace.kaito.io/revision": "0" }, ownerReferences: [owner] }), spec: { replicas: 1, template } }];
    const services = new Set(["team/tickets", "team/tickets-headless"]);
    const patch = decideWorkspace(serving, situation({ view: { ...there, servers, services } })).at(-1);
    const volumeMounts = [{ name: "dshm", mountPath: "/dev/shm" }, { name: "adapter-a", mountPath: "/mnt/adapter/a" }];
    const containers = [{ name: "tickets", command, volumeMounts }];
    expect(patch).toMatchObject({ verb: "patch", body: { spec: { template: { spec: { initContainers: [{ name: "puller-a" }], containers } } } } });
    expect(JSON.stringify(patch)).not.toContain("imagePullSecrets");
  });
});
