import { type ReadyAdapter, servingDeployment, servingEgress, servingIngress } from "../../../components/plan/manifests/serving";
import { planServing, type ServingDecisions } from "../../../components/plan/serving";
import { BASE_ARGUMENTS, expectedDeployment, expectedIngress, SERVER, SERVING_EGRESS } from "../../support/expected-serving";
import { GPU_TOLERATION, SPOT_TOLERATION, WEIGHTS } from "../../support/expected-tuning-run";
import { byDigest, TINY } from "../../support/tiny-recipe";

const DECISIONS: ServingDecisions = {
  namespace: "support",
  model: TINY,
  adapters: [
    { name: "tickets", baseModel: "tiny", rank: 16 },
    { name: "returns", baseModel: "tiny", rank: 24 },
  ],
  pool: {
    size: "Standard_NC4as_T4_v3",
    maxNodes: 2,
    nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
    tolerations: [GPU_TOLERATION, SPOT_TOLERATION].map((each) => ({ ...each, operator: "Equal", effect: "NoSchedule" })),
    kubernetesVersion: "1.36",
    osSku: "Ubuntu2404",
  },
};
const tickets: ReadyAdapter = { name: "tickets", image: byDigest("mlreg.azurecr.io/support/tickets", "1") };
const returns: ReadyAdapter = { name: "returns", image: byDigest("mlreg.azurecr.io/support/returns", "2") };
const render = (adapters: readonly ReadyAdapter[], changes: Partial<ServingDecisions> = {}) =>
  servingDeployment(planServing("tickets", { ...DECISIONS, ...changes }), {
    image: SERVER,
    weightsImage: WEIGHTS,
    serviceAccountName: "serving",
    adapters,
  });

describe("servingDeployment", () => {
  it("has no replica while every declared adapter is still to come", () => {
    expect(render([])).toEqual(expectedDeployment(0, BASE_ARGUMENTS));
  });

  it("asks for a slice by its own name, and for nothing else of NVIDIA's", () => {
    const pool = { ...DECISIONS.pool, size: "Standard_NC24ads_A100_v4", gpuResource: "nvidia.com/mig-1g.10gb" } as const;
    expect(render([tickets], { pool }).template.spec.containers.map(({ resources }) => resources)).toEqual([
      { requests: { cpu: "500m", memory: "2Gi", "nvidia.com/mig-1g.10gb": "1" }, limits: { memory: "24Gi", "nvidia.com/mig-1g.10gb": "1" } },
    ]);
  });

  it("likes spot nodes better in a pool of both priorities", () => {
    const key = "kubernetes.azure.com/scalesetpriority";
    const pool = { ...DECISIONS.pool, preference: [{ key, values: ["spot"], weight: 100 }] };
    const term = { weight: 100, preference: { matchExpressions: [{ key, operator: "In", values: ["spot"] }] } };
    expect(render([], { pool }).template.spec).toMatchObject({
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [term] } },
    });
    expect(render([]).template.spec).not.toHaveProperty("affinity");
  });

  it("serves the base meanwhile where asked to, and where no adapter is declared", () => {
    expect(render([], { serveBase: true })).toEqual(expectedDeployment(1, BASE_ARGUMENTS));
    expect(render([], { adapters: [] })).toEqual(expectedDeployment(1, BASE_ARGUMENTS));
  });

  it("mounts and names one adapter, with the rank that holds every declared one", () => {
    const lora = ["--enable-lora", "--max-lora-rank", "32", "--max-loras", "1", "--lora-modules", "tickets=/adapters/tickets/data"];
    expect(render([tickets])).toEqual(expectedDeployment(1, [...BASE_ARGUMENTS, ...lora], { tickets: tickets.image }));
  });

  it("mounts and names two adapters", () => {
    const lora = ["--enable-lora", "--max-lora-rank", "32", "--max-loras", "2", "--lora-modules"];
    const modules = ["tickets=/adapters/tickets/data", "returns=/adapters/returns/data"];
    expect(render([tickets, returns], { replicas: 2 })).toEqual(
      expectedDeployment(2, [...BASE_ARGUMENTS, ...lora, ...modules], { tickets: tickets.image, returns: returns.image }),
    );
  });

  it("keeps to no replica where that is asked for", () => {
    expect(render([tickets], { replicas: 0 }).replicas).toBe(0);
  });
});

describe("servingIngress", () => {
  it.each<[string, Partial<ServingDecisions>, string[]]>([
    ["the team's pods", {}, ["support"]],
    ["the pods of two namespaces", { clients: ["billing", "frontend"] }, ["billing", "frontend"]],
    ["any pod of the cluster", { environment: "development" }, []],
  ])("lets %s reach the server's port alone", (_, changes, namespaces) => {
    expect(servingIngress(planServing("tickets", { ...DECISIONS, ...changes }))).toEqual(expectedIngress(...namespaces));
  });
});

describe("servingEgress", () => {
  it("lets the team's pods out to the server where they are its clients, but for runs and servers", () => {
    expect(servingEgress(planServing("tickets", DECISIONS))).toEqual(SERVING_EGRESS);
    expect(servingEgress(planServing("tickets", { ...DECISIONS, clients: "any" }))).toEqual(SERVING_EGRESS);
    expect(servingEgress(planServing("tickets", { ...DECISIONS, clients: ["billing"] }))).toBeUndefined();
  });
});
