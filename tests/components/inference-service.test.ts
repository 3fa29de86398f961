import { type AdapterRef, type Environment, InferenceService, type InferenceServiceArgs } from "../../components";
import { BASE_ARGUMENTS, expectedDeployment, expectedIngress, SERVER, SERVING_EGRESS, SERVING_SELECTOR } from "../support/expected-serving";
import { WEIGHTS } from "../support/expected-tuning-run";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_POOL, EXISTING_PROVIDER, existingTeam } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { byDigest, TINY } from "../support/tiny-recipe";

const ADAPTER = byDigest("mlreg.azurecr.io/support/tickets", "9");
const FINISHED: AdapterRef = { name: "tickets", baseModel: "tiny", rank: 16, image: ADAPTER };
const TO_COME: AdapterRef = { ...FINISHED, image: undefined };
const LORA = ["--enable-lora", "--max-lora-rank", "16", "--max-loras", "1", "--lora-modules", "tickets=/adapters/tickets/data"];

const CHILD = { parent: "InferenceService tickets", provider: "providers:kubernetes ai" };
const METADATA = { name: "tickets", namespace: "support", labels: SERVING_SELECTOR };
const component = (replicas: number): Registration => {
  const { size, priority, nodeSelector } = EXISTING_POOL;
  return {
    type: "aks-fine-tuning:index:InferenceService",
    name: "tickets",
    inputs: { model: "tiny", replicas, serveBase: false, adapters: ["tickets"], maxModelLength: 1024, size, priority, nodeSelector },
  };
};
const deployment = (spec: object): Registration => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "tickets",
  ...CHILD,
  customTimeouts: { create: "2161s", update: "2161s" },
  inputs: { apiVersion: "apps/v1", kind: "Deployment", metadata: METADATA, spec },
});
const SERVICE: Registration = {
  type: "kubernetes:core/v1:Service",
  name: "tickets",
  ...CHILD,
  inputs: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...METADATA, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: { type: "ClusterIP", selector: SERVING_SELECTOR, ports: [{ name: "http", port: 80, targetPort: 8000 }] },
  },
};
const policy = (name: string, metadata: object, spec: object): Registration => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name,
  ...CHILD,
  inputs: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec },
});
const ingress = (...namespaces: readonly string[]) => policy("tickets-ingress", METADATA, expectedIngress(...namespaces));
const INGRESS = ingress("support");
const CLIENTS = policy("tickets-clients", { ...METADATA, name: "tickets-clients" }, SERVING_EGRESS);
const BUDGET: Registration = {
  type: "kubernetes:policy/v1:PodDisruptionBudget",
  name: "tickets",
  ...CHILD,
  inputs: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: METADATA,
    spec: { maxUnavailable: 1, selector: { matchLabels: SERVING_SELECTOR } },
  },
};

async function registeredWith(args: Partial<InferenceServiceArgs>, environment?: Environment): Promise<Registration[]> {
  const engine = await mockEngine();
  const given = { team: existingTeam(existingCluster({ environment })), pool: EXISTING_POOL, model: TINY, weights: { image: WEIGHTS }, image: SERVER };
  new InferenceService("tickets", { ...given, ...args });
  return engine.registered();
}

describe("InferenceService", () => {
  it("holds no GPU while its adapter is still to come", async () => {
    expect(await registeredWith({ adapters: [TO_COME] })).toEqual([
      component(1),
      deployment(expectedDeployment(0, BASE_ARGUMENTS)),
      SERVICE,
      CLIENTS,
      INGRESS,
      EXISTING_PROVIDER,
    ]);
  });

  it("serves the adapter from an image volume once it is there", async () => {
    expect(await registeredWith({ adapters: [FINISHED] })).toEqual([
      component(1),
      deployment(expectedDeployment(1, [...BASE_ARGUMENTS, ...LORA], { tickets: ADAPTER })),
      SERVICE,
      CLIENTS,
      INGRESS,
      EXISTING_PROVIDER,
    ]);
  });

  it("guards two replicas with a budget that never blocks a node's drain", async () => {
    expect(await registeredWith({ adapters: [FINISHED], replicas: 2 })).toEqual([
      component(2),
      deployment(expectedDeployment(2, [...BASE_ARGUMENTS, ...LORA], { tickets: ADAPTER })),
      SERVICE,
      CLIENTS,
      INGRESS,
      BUDGET,
      EXISTING_PROVIDER,
    ]);
  });

  it("is called by the team alone in production, by anybody in the cluster in development, and by whom it names", async () => {
    const policies = async (...given: Parameters<typeof registeredWith>) =>
      (await registeredWith(...given)).filter(({ type }) => type === "kubernetes:networking.k8s.io/v1:NetworkPolicy");
    expect(await policies({}, "production")).toEqual([CLIENTS, INGRESS]);
    expect(await policies({}, "development")).toEqual([CLIENTS, ingress()]);
    expect(await policies({ clients: ["frontend"] }, "development")).toEqual([ingress("frontend")]);
    expect(await policies({ clients: ["frontend", "support"] })).toEqual([CLIENTS, ingress("frontend", "support")]);
  });

  it("serves the base alone, or while its adapter is still to come where asked to", async () => {
    const base = deployment(expectedDeployment(1, BASE_ARGUMENTS));
    expect(await registeredWith({})).toContainEqual(base);
    expect(await registeredWith({ adapters: [TO_COME], serveBase: true })).toContainEqual(base);
  });

  it("serves the adapters that are there beside one that is still to come", async () => {
    const adapters = [{ ...TO_COME, name: "returns" }, FINISHED];
    expect(await registeredWith({ adapters })).toContainEqual(
      deployment(expectedDeployment(1, [...BASE_ARGUMENTS, ...LORA], { tickets: ADAPTER })),
    );
  });

  it("takes the catalogue's server where none is given", async () => {
    const registered = await registeredWith({ image: undefined });
    expect(JSON.stringify(registered)).toContain('"image":"docker.io/vllm/vllm-openai:v0.25.1"');
  });

  it("answers at the service's address", async () => {
    const engine = await mockEngine();
    const team = existingTeam(existingCluster());
    const service = new InferenceService("tickets", { team, pool: EXISTING_POOL, model: TINY, weights: { image: WEIGHTS } });
    expect(await resolved(service.endpoint)).toBe("http://10.96.0.77");
    await engine.registered();
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const team = existingTeam(existingCluster());
    const bad = { team, pool: EXISTING_POOL, model: TINY, weights: { image: WEIGHTS }, replicas: -1, clients: ["A"], adapters: [FINISHED, { ...FINISHED, baseModel: "phi-4" }] };
    expect(problemsOf(() => new InferenceService("Tickets", bad)).map((problem) => problem.split(":")[0])).toEqual([
      "AKSFT-NAME-04 name",
      "AKSFT-SERVE-01 replicas",
      "AKSFT-NAME-05 clients[0]",
      "AKSFT-SERVE-04 adapters[1].name",
      "AKSFT-SERVE-06 adapters[1].baseModel",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
