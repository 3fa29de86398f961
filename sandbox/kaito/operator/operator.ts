import { randomBytes } from "node:crypto";
import type { KubernetesClient } from "../../cluster/client";
import { type AzureState, type Pool, poolsOf } from "../../cluster/nodes/azure-state";
import type { Home } from "../../home";
import { PLAYS } from "../marks";
import { AddOn } from "./add-on";
import { decideClaim } from "./decide-claims";
import { decideInferenceSet } from "./decide-inference-set";
import { decidePod, isPlayed, jobNameOf } from "./decide-pod";
import { decideWorkspace, type View } from "./decide-workspace";
import { claimsAreServed, type ControllerDeployment, installed, type Installed } from "./installed";
import { placeOfControllers, poolsOfClaims, poolsOfStaticNodePools } from "./nodes";
import * as objects from "./objects";
import { kaitoSettings, type KnownSettings } from "./settings";
import { endOfTraining } from "./training";

export interface OperatorOptions {
  readonly home: Home;
  readonly client: KubernetesClient;
  readonly log: (line: string) => void;
}

const CONTROLLERS = `/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(PLAYS)}`;
const OF_A_WORKSPACE = `labelSelector=${encodeURIComponent("kaito.sh/workspace")}`;

/**
 * Plays KAITO's controllers as long as they are installed: by the chart, which a stand-in for Helm makes, or by the add-on. It looks at
 * everything anew each time, decides, and acts; what it remembers is only what went wrong.
 */
export class KaitoOperator {
  private readonly addOn: AddOn;
  private readonly errors = new Map<string, string>();

  constructor(private readonly options: OperatorOptions) {
    this.addOn = new AddOn(options.client);
  }

  async reconcile(state: AzureState | undefined): Promise<void> {
    await this.addOn.reconcile(state);
    const deployments = await this.deployments();
    const settings = kaitoSettings(this.options.home);
    const how = installed(deployments);
    const now = Date.now();
    const workspaces = await this.all<objects.Workspace>("Workspace");
    await this.playPods(workspaces ?? [], settings, now);
    if (claimsAreServed(deployments, how?.namespace)) await this.serveClaims(settings, now);
    if (workspaces === undefined || !how) return;
    const view = await this.view(workspaces, how);
    for (const workspace of workspaces) {
      const lastError = this.errors.get(workspace.metadata.uid);
      const suffix = randomBytes(5).toString("hex").slice(0, 9);
      const situation = { how, settings, view, now, suffix, ...(lastError === undefined ? {} : { lastError }) };
      await this.act(workspace.metadata, decideWorkspace(workspace, situation));
    }
    if (how.inferenceSets) await this.reconcileSets(workspaces, settings, now);
  }

  /** The provisioner's part, which needs none of KAITO's kinds. */
  private async serveClaims(settings: KnownSettings, now: number): Promise<void> {
    const claims = (await this.all<objects.NodeClaim>("NodeClaim")) ?? [];
    if (claims.length === 0) return;
    const { items } = await this.options.client.get<objects.List<objects.Node>>("/api/v1/nodes");
    for (const claim of claims) await this.act(claim.metadata, decideClaim(claim, items, settings, now));
  }

  private async reconcileSets(workspaces: readonly objects.Workspace[], settings: KnownSettings, now: number): Promise<void> {
    for (const set of (await this.all<objects.InferenceSet>("InferenceSet")) ?? []) {
      const suffix = randomBytes(3).toString("hex").slice(0, 5);
      await this.act(set.metadata, decideInferenceSet(set, { workspaces, settings, now, suffix }));
    }
  }

  private async deployments(): Promise<readonly ControllerDeployment[]> {
    return (await this.options.client.get<objects.List<ControllerDeployment>>(CONTROLLERS)).items;
  }

  private async all<T>(kind: string, query = ""): Promise<readonly T[] | undefined> {
    return (await this.options.client.find<objects.List<T>>(`${objects.collection(kind)}${query}`))?.items;
  }

  private async view(workspaces: readonly objects.Workspace[], how: Installed): Promise<View> {
    const { client } = this.options;
    const [nodes, claims, nodePools, jobs, stateful, deployments, services] = await Promise.all([
      client.get<objects.List<objects.Node>>("/api/v1/nodes"),
      this.all<objects.NodeClaim>("NodeClaim"),
      this.all<objects.StaticNodePool>("NodePool"),
      this.all<objects.Job>("Job", `?${OF_A_WORKSPACE}`),
      this.all<objects.Server>("StatefulSet"),
      how.version === "0.6" ? this.all<objects.Server>("Deployment") : undefined,
      this.all<{ readonly metadata: objects.Metadata }>("Service"),
    ]);
    return {
      nodes: nodes.items,
      claims: claims ?? [],
      nodePools,
      jobs: jobs ?? [],
      servers: [...(stateful ?? []), ...(deployments ?? [])],
      services: new Set((services ?? []).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)),
      configMaps: await this.configMaps(workspaces, how),
    };
  }

  /** Those that tuning Workspaces without a Job name, and the methods' templates. */
  private async configMaps(workspaces: readonly objects.Workspace[], { namespace: release }: Installed): Promise<ReadonlyMap<string, objects.ConfigMap>> {
    const tuning = workspaces.filter((workspace) => workspace.tuning !== undefined);
    const templates = ["lora-params-template", "qlora-params-template"];
    const places = tuning.flatMap(({ metadata: { namespace }, tuning: part }) => [part?.config ?? "", ...templates].map((name) => ({ namespace, name })));
    const releases = tuning.length > 0 ? templates.map((name) => ({ namespace: release, name })) : [];
    const wanted = new Map([...places, ...releases].filter(({ name }) => name !== "").map((place) => [`${place.namespace}/${place.name}`, place]));
    const found = await Promise.all(
      [...wanted].map(async ([key, place]) => [key, await this.options.client.find<objects.ConfigMap>(objects.pathOf("ConfigMap", place))] as const),
    );
    return new Map(found.flatMap(([key, map]) => (map ? [[key, map] as const] : [])));
  }

  /** The kubelets of pods that take time; those that a removed controller left behind must end too. */
  private async playPods(workspaces: readonly objects.Workspace[], settings: KnownSettings, now: number): Promise<void> {
    const pods = ((await this.all<objects.Pod>("Pod", `?${OF_A_WORKSPACE}`)) ?? []).filter(isPlayed);
    for (const pod of pods) {
      const path = objects.pathOf("Pod", pod.metadata);
      const step = decidePod(pod, settings, now);
      if (step.does === "remove") await this.options.client.delete(path, { gracePeriodSeconds: 0 });
      if (step.does === "report") await this.options.client.patch(`${path}/status`, { status: step.status });
      if (step.does === "finish") await this.finish(pod, pods, workspaces, settings, now);
    }
  }

  private async finish(pod: objects.Pod, pods: readonly objects.Pod[], workspaces: readonly objects.Workspace[], settings: KnownSettings, now: number): Promise<void> {
    const workspace = workspaces.find(({ metadata }) => metadata.name === jobNameOf(pod) && metadata.namespace === pod.metadata.namespace);
    if (!workspace) return;
    const owner = pod.metadata.ownerReferences?.[0]?.uid;
    const failed = pods.filter(({ metadata, status }) => status?.phase === "Failed" && metadata.ownerReferences?.[0]?.uid === owner).length;
    const status = await endOfTraining(this.options.client, pod, workspace, failed, settings, now);
    if (status) await this.options.client.patch(`${objects.pathOf("Pod", pod.metadata)}/status`, { status });
  }

  /** Does what was decided; what the API server refuses is remembered, to be said in the status, and tried again. */
  private async act({ uid, name }: objects.Metadata, actions: readonly objects.Action[]): Promise<void> {
    const { client, log } = this.options;
    try {
      for (const action of actions) {
        if (action.verb === "create") await client.create(action.path, action.body);
        else if (action.verb === "patch") await client.patch(action.path, action.body);
        else await client.delete(action.path, action.body);
      }
      if (!actions.every(({ path }) => path.endsWith("/status"))) this.errors.delete(uid);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.errors.get(uid) !== message) log(`KAITO, ${name}: ${message}`);
      this.errors.set(uid, message);
    }
  }
}

/** Nodes that KAITO's provisioners keep, as pools like those of Azure. */
export async function kaitoPools({ home, client, real }: OperatorOptions & { readonly real: boolean }, state: AzureState | undefined): Promise<readonly Pool[]> {
  const [neighbour] = poolsOf(state);
  if (!neighbour) return [];
  const settings = kaitoSettings(home);
  const [claims, pools] = await Promise.all([
    client.find<objects.List<objects.NodeClaim>>(objects.collection("NodeClaim")),
    client.find<objects.List<objects.StaticNodePool>>(objects.collection("NodePool")),
  ]);
  const now = Date.now();
  const served = (claims?.items ?? []).filter(({ metadata }) => metadata.finalizers?.includes("karpenter.sh/termination"));
  const controllers = real ? await client.get<objects.List<ControllerDeployment>>(CONTROLLERS) : { items: [] };
  const place = controllers.items.length > 0 ? [placeOfControllers(neighbour)] : [];
  return [...place, ...poolsOfClaims(served, neighbour, settings, now), ...poolsOfStaticNodePools(pools?.items ?? [], neighbour, settings, now)];
}
