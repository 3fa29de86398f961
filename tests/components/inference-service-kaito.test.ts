import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type AdapterRef, type Environment, InferenceService, type KaitoInferenceServiceArgs, type RegistryRef, Team, type TeamRef } from "../../components";
import { kaitoPolicies, kaitoPolicySpec } from "../../components/plan/manifests/kaito-inference-policies";
import type { KaitoServingDecisions } from "../../components/plan/kaito/serving";
import { KAITO_SERVING, OLD_KAITO_SERVING, planned, rendered, TICKETS_ADAPTER, TICKETS_IMAGE } from "../support/kaito-serving";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_POOL, EXISTING_PROVIDER, EXISTING_REGISTRY, existingTeam } from "../support/references";
import { messageOf, problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { byDigest } from "../support/tiny-recipe";

const FINISHED: AdapterRef = { ...TICKETS_ADAPTER, image: TICKETS_IMAGE };
const TO_COME: AdapterRef = { ...FINISHED, image: undefined };
const SIZE = "Standard_NC24ads_A100_v4";
const KARPENTER = { version: "0.12", nodeProvisioner: "karpenter" } as const;
const ADD_ON = { version: "0.6", nodeProvisioner: "azure-gpu-provisioner" } as const;
const BASE = { engine: "kaito", kaito: KARPENTER, model: "phi-4", size: SIZE } as const;
/** Half an hour for a model of phi-4's size, 20 minutes for a node, and one for Pulumi. */
const TIMEOUTS = { create: "3060s", update: "3060s", delete: "60m" };

const CHILD = { parent: "InferenceService tickets", provider: "providers:kubernetes ai" };
const LABELS = { "app.kubernetes.io/name": "tickets", "app.kubernetes.io/component": "serving", "app.kubernetes.io/managed-by": "aks-fine-tuning" };
const PULL_SECRET: Registration = {
  type: "aks-fine-tuning:index:RegistrySecret",
  name: "tickets-tickets-pull",
  parent: "InferenceService tickets",
  inputs: { secretName: "tickets-tickets-pull", repository: "support/tickets", access: "pull", validHours: 2160 },
};
const REGISTRY: RegistryRef = { id: "/subscriptions/subscription/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/mlreg", loginServer: "mlreg.azurecr.io" };
const teamIn = (environment?: Environment): TeamRef => ({ ...existingTeam(existingCluster({ environment })), adapters: REGISTRY });

type Args = Partial<KaitoInferenceServiceArgs>;

async function registeredWith(args: Args, environment?: Environment): Promise<Registration[]> {
  const engine = await mockEngine();
  new InferenceService("tickets", { ...BASE, team: teamIn(environment), ...args });
  return withoutSecretsParts(await engine.registered());
}

/** What a RegistrySecret registers is its own tests' to know; here it is one thing to wait for. */
function withoutSecretsParts(registered: readonly Registration[]): Registration[] {
  const secrets = registered.filter(({ type }) => type === PULL_SECRET.type).map(({ name }) => name);
  const isPart = (each: string) => secrets.includes(each.split(" ")[1] ?? "") && !each.startsWith("Secret ");
  return registered
    .filter(({ parent = "" }) => !parent.startsWith("RegistrySecret "))
    .map((registration) => (registration.after === undefined ? registration : { ...registration, after: registration.after.filter((each) => !isPart(each)) }));
}

/** Everything that is registered for the plan of some decisions, with the adapters that are finished. */
function expected(decisions: Partial<KaitoServingDecisions>, finished: boolean, extra: readonly Registration[] = []): Registration[] {
  const plan = planned(decisions);
  const server = rendered(finished ? plan : { ...plan, adapters: [] });
  const { manifest, name, config } = server;
  const waiting = plan.adapters.length > 0 && !finished && !plan.serveBase;
  const policies = kaitoPolicies(plan).map(
    (policy): Registration => ({
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      name: `tickets-${policy}`,
      ...CHILD,
      inputs: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: `${name}-${policy}`, namespace: "support", labels: LABELS },
        spec: kaitoPolicySpec(policy, plan, server),
      },
    }),
  );
  const configMap: Registration = {
    type: "kubernetes:core/v1:ConfigMap",
    name: "tickets-config",
    ...CHILD,
    inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: config?.name, namespace: "support", labels: LABELS }, data: config?.data, immutable: true },
  };
  const inputs = { ...manifest, ...(waiting && manifest?.spec ? { spec: { ...manifest.spec, replicas: 0 } } : {}) };
  const secrets = extra.filter(({ type }) => type === PULL_SECRET.type).map(({ name: secret }) => `Secret ${secret}`);
  const after = [...(config ? ["ConfigMap tickets-config"] : []), ...secrets, ...policies.map((policy) => `NetworkPolicy ${policy.name}`)].sort();
  const there = plan.kind === "InferenceSet" || !waiting;
  const object: Registration = { type: `kubernetes:kaito.sh/v1beta1:${plan.kind}`, name: "tickets", ...CHILD, after, customTimeouts: TIMEOUTS, inputs };
  const service: Registration = {
    type: "kubernetes:core/v1:Service",
    name: "tickets",
    ...CHILD,
    ...(there ? { after: [`${plan.kind} tickets`] } : {}),
    inputs: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "tickets", namespace: "support", labels: LABELS, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { type: "ClusterIP", selector: server.answering, ports: [{ name: "http", port: 80, targetPort: 5000 }] },
    },
  };
  const { modelName: model, version: kaitoVersion, ownNodes: nodeSelector, preset, runtime, replicas, serveBase, maxModelLength, size, nodes, sizing } = plan;
  const adapters = plan.adapters.map((adapter) => adapter.name);
  const component: Registration = {
    type: "aks-fine-tuning:index:InferenceService",
    name: "tickets",
    inputs: JSON.parse(JSON.stringify({ engine: "kaito", kaitoVersion, nodeSelector, model, preset, runtime, replicas, serveBase, adapters, maxModelLength, size, nodes, sizing })) as Record<string, unknown>,
  };
  const all = [component, ...(config ? [configMap] : []), service, ...(there ? [object] : []), ...policies, EXISTING_PROVIDER, ...extra];
  return all.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

describe("InferenceService by KAITO", () => {
  it("registers a set, what it reads, who may call it, and a Service that follows it", async () => {
    expect(await registeredWith({})).toEqual(expected(KAITO_SERVING, true));
  });

  it("pulls each adapter with a Secret of its own", async () => {
    expect(await registeredWith({ adapters: [FINISHED] })).toEqual(expected({ adapters: [TICKETS_ADAPTER] }, true, [PULL_SECRET]));
  });

  it("holds no node while its adapter is still to come", async () => {
    expect(await registeredWith({ adapters: [TO_COME] })).toEqual(expected({ adapters: [TICKETS_ADAPTER] }, false, [PULL_SECRET]));
  });

  it("serves the base while its adapter is still to come, where asked to", async () => {
    expect(await registeredWith({ adapters: [TO_COME], serveBase: true })).toEqual(expected({ adapters: [TICKETS_ADAPTER], serveBase: true }, false, [PULL_SECRET]));
  });

  it("registers a Workspace where the version has no InferenceSet", async () => {
    const decided = { ...OLD_KAITO_SERVING, adapters: [TICKETS_ADAPTER] };
    expect(await registeredWith({ kaito: ADD_ON, adapters: [FINISHED] })).toEqual(expected(decided, true, [PULL_SECRET]));
  });

  it("registers no Workspace while its adapter is still to come", async () => {
    const decided = { ...OLD_KAITO_SERVING, adapters: [TICKETS_ADAPTER] };
    expect(await registeredWith({ kaito: ADD_ON, adapters: [TO_COME] })).toEqual(expected(decided, false, [PULL_SECRET]));
  });

  it("registers the same in a preview that does not know its adapters yet, and no Workspace", async () => {
    const unknown = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;
    const named = (registered: readonly Registration[]) => registered.map(({ type, name }) => `${type} ${name}`);
    const adapters = [{ ...FINISHED, image: unknown }];
    expect(named(await registeredWith({ adapters }))).toEqual(named(await registeredWith({ adapters: [FINISHED] })));
    const old = named(await registeredWith({ kaito: ADD_ON, adapters: [FINISHED] }));
    expect(named(await registeredWith({ kaito: ADD_ON, adapters }))).toEqual(old.filter((each) => !each.includes("Workspace")));
  });

  it("takes an existing Secret, and an image from wherever that pulls", async () => {
    const image = byDigest("elsewhere.example/adapters/tickets", "9");
    const team = { ...teamIn(), adapters: EXISTING_REGISTRY };
    const registered = await registeredWith({ team, adapters: [{ ...FINISHED, image, pullSecret: "elsewhere" }] });
    expect(registered.filter(({ type }) => type === PULL_SECRET.type)).toEqual([]);
    expect(registered.find(({ type }) => type.endsWith(":InferenceSet"))).toMatchObject({
      inputs: { spec: { template: { inference: { adapters: [{ source: { name: "tickets", image, imagePullSecrets: ["elsewhere"] } }] } } } },
    });
  });

  it("passes an adapter's strength on to transformers, which reads no configuration", async () => {
    const registered = await registeredWith({ runtime: "transformers", adapters: [{ ...FINISHED, strength: 0.5 }] });
    const adapters = [{ ...TICKETS_ADAPTER, strength: 0.5 }];
    expect(registered).toEqual(expected({ runtime: "transformers", adapters }, true, [PULL_SECRET]));
  });

  it("lets Ray's pods of several nodes talk to each other", async () => {
    const args = { model: "Llama-3.1-8B-Instruct", size: "Standard_NV36ads_A10_v5", maxModelLength: 131_072, accessSecret: "hub" } as const;
    const { nodes } = planned(args);
    expect(nodes).toBeGreaterThan(1);
    expect(await registeredWith(args)).toEqual(expected(args, true));
  });

  it("guards copies with a budget that never blocks a node's drain", async () => {
    const { podLabels } = rendered(planned({ replicas: 2 }));
    const budget: Registration = {
      type: "kubernetes:policy/v1:PodDisruptionBudget",
      name: "tickets",
      ...CHILD,
      after: ["InferenceSet tickets"],
      inputs: {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "tickets", namespace: "support", labels: LABELS },
        spec: { maxUnavailable: 1, selector: { matchLabels: podLabels } },
      },
    };
    expect(await registeredWith({ replicas: 2 })).toEqual(expected({ replicas: 2 }, true, [budget]));
  });

  it("runs on nodes of one's own", async () => {
    const kaito = { version: "0.12", nodeProvisioner: "byo" } as const;
    const pool = { ...EXISTING_POOL, size: SIZE, minNodes: 1 } as const;
    expect(await registeredWith({ kaito, pool, size: undefined })).toEqual(expected({ kaito, pool, size: undefined }, true));
  });

  it("is called by anybody in the cluster in development, where its address may be public", async () => {
    const decided = { environment: "development", publicLoadBalancer: true } as const;
    expect(await registeredWith({ publicLoadBalancer: true }, "development")).toEqual(expected(decided, true));
  });

  it("waits for a KAITO and a team that are made here", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster();
    class Operator extends pulumi.ComponentResource {
      readonly version = KARPENTER.version;
      readonly nodeProvisioner = KARPENTER.nodeProvisioner;
      constructor() {
        super("test:index:Operator", "kaito");
        new ConfigMap("kaito-release", {}, { parent: this, provider: cluster.provider });
        this.registerOutputs({});
      }
    }
    class LooseTeam extends pulumi.ComponentResource {
      readonly namespace = "support";
      readonly podSecurity = "baseline";
      readonly tuningServiceAccount = "tuning";
      readonly servingServiceAccount = "serving";
      readonly checkpointsClaim = "checkpoints";
      readonly adapters = REGISTRY;
      readonly cluster = cluster;
      constructor() {
        super("test:index:Team", "support");
        new ConfigMap("support-policies", {}, { parent: this, provider: cluster.provider });
        this.registerOutputs({});
      }
    }
    new InferenceService("tickets", { ...BASE, kaito: new Operator(), team: new LooseTeam() });
    const registered = await engine.registered();
    const waiting = registered.filter(({ parent }) => parent === "InferenceService tickets").map(({ after = [] }) => after.filter((each) => /release|policies/.test(each)));
    expect(waiting.length).toBe(5);
    expect(new Set(waiting.map((after) => after.join()))).toEqual(new Set(["ConfigMap kaito-release,ConfigMap support-policies"]));
  });

  it("answers at the Service's address, and has a set in a Deployment's place", async () => {
    const engine = await mockEngine();
    const service = new InferenceService("tickets", { ...BASE, team: teamIn() });
    expect(await resolved(service.endpoint)).toBe("http://10.96.0.77");
    const set = await resolved(pulumi.output(service.inferenceSet).apply((found) => found?.metadata.name ?? ""));
    expect(set).toBe(rendered(planned()).name);
    expect(messageOf(() => service.deployment)).toBe('InferenceService: with engine "kaito" there is no deployment, as KAITO makes a StatefulSet for each copy; use inferenceSet');
    await engine.registered();
  });

  it("has no set where the version has none", async () => {
    const engine = await mockEngine();
    const service = new InferenceService("tickets", { ...BASE, kaito: ADD_ON, team: teamIn() });
    expect(service.inferenceSet).toBeUndefined();
    await engine.registered();
  });

  it("refuses a team that is made here and says nothing of its Pod Security", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster();
    const team = new Team("support", { cluster, adapters: REGISTRY });
    expect(problemsOf(() => new InferenceService("tickets", { ...BASE, team }))).toEqual([expect.stringMatching(/^AKSFT-KAITO-40 team.podSecurity: got "restricted"; /)]);
    await engine.registered();
  });

  it("refuses an image that names no digest, or that its Secret does not pull", () => {
    const refused = (image: string) => problemsOf(() => new InferenceService("tickets", { ...BASE, team: teamIn(), adapters: [{ ...FINISHED, image }] }));
    expect(refused("mlreg.azurecr.io/support/tickets:v1")).toEqual([expect.stringMatching(/^AKSFT-KAITO-49 adapters\[0\].image: .*; names no digest/)]);
    expect(refused(byDigest("mlreg.azurecr.io/support/returns", "9"))).toEqual([expect.stringMatching(/^AKSFT-KAITO-49 adapters\[0\].image: .*; is in another repository/)]);
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const team = { ...teamIn(), adapters: EXISTING_REGISTRY };
    const bad = { ...BASE, team, replicas: -1, clients: ["A"], adapters: [FINISHED, { ...FINISHED, baseModel: "phi-2" }] };
    expect(problemsOf(() => new InferenceService("Tickets", bad)).map((problem) => problem.split(":")[0])).toEqual([
      "AKSFT-NAME-04 name",
      "AKSFT-SERVE-01 replicas",
      "AKSFT-NAME-05 clients[0]",
      "AKSFT-SECRET-05 team.adapters.id",
      "AKSFT-SERVE-04 adapters[1].name",
      "AKSFT-SERVE-06 adapters[1].baseModel",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
