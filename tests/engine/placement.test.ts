import { setTimeout as sleep } from "node:timers/promises";
import * as resources from "@pulumi/azure-native/resources";
import { Cluster, GpuNodePool, InferenceService, Network, PreferredSpotGpuPool, Registry, Team, TuningJob } from "../../components";
import { sandboxHome } from "../../sandbox/home";
import type { Properties } from "../../sandbox/providers/values";
import { type ApiServer, apiServerOf } from "../support/api-server";
import { make, standInOn } from "../support/azure-stand-in";
import { isFoundation, kubernetesObjects, podsOf } from "../support/kubernetes-objects";
import { mockEngine, type Registration } from "../support/mock-engine";
import { startSandbox, type TestSandbox } from "../support/sandbox";
import { byDigest, DATASET_KEY, TINY, TINY_RECIPE } from "../support/tiny-recipe";

const POOL = "aks-fine-tuning.dev/pool";

/** Pools of the same size, one of each priority and a pair of both, and a workload for each: every one could run on the other's nodes but for its pool's rules. */
async function program(): Promise<readonly Registration[]> {
  const engine = await mockEngine({ record: { adapterDigest: `sha256:${"9".repeat(64)}` } });
  const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location: "eastus", resourceGroupName: "ai" });
  const place = { resourceGroupName, environment: "development" } as const;
  const network = new Network("ai", place);
  const cluster = new Cluster("ai", { ...place, network });
  const adapters = new Registry("adapters", { ...place, pulledBy: cluster });
  const size = "Standard_NC4as_T4_v3";
  const spot = new GpuNodePool("spot", { cluster, size, priority: "Spot" });
  const regular = new GpuNodePool("regular", { cluster, size, priority: "Regular", maxNodes: 2 });
  const either = new PreferredSpotGpuPool("either", { cluster, size });
  const team = new Team("support", { cluster, adapters });
  const common = {
    team,
    recipe: TINY_RECIPE,
    dataset: { contentKey: DATASET_KEY, image: byDigest("mlreg.azurecr.io/datasets/tickets", "b") },
    trainer: { image: byDigest("mlreg.azurecr.io/trainer", "a") },
    weights: { image: byDigest("mlreg.azurecr.io/models/tiny", "c") },
  };
  new TuningJob("cheap", { ...common, pool: spot });
  new TuningJob("lucky", { ...common, pool: either });
  const run = new TuningJob("steady", { ...common, pool: regular });
  new InferenceService("chat", { team, pool: regular, model: TINY, weights: common.weights, adapters: [run.adapter] });
  return engine.registered();
}

/** Where each pod must land: the pool whose name its nodes carry, or a node of no GPU pool. */
const EXPECTED = {
  "Deployment support/chat": "regular",
  "Job support/cheap": "spot",
  "Job support/cheap-preflight": "no GPU pool",
  "Job support/lucky": "either",
  "Job support/lucky-preflight": "no GPU pool",
  "Job support/steady": "regular",
  "Job support/steady-preflight": "no GPU pool",
};

describe("the scheduler of a real control plane", () => {
  let sandbox: TestSandbox;
  let server: ApiServer;
  let registered: readonly Registration[];

  beforeAll(async () => {
    registered = await program();
    sandbox = startSandbox("simulated");
    server = apiServerOf(sandbox.home);
    // The sandbox makes nodes of the pools that its Azure has; what is around them decides nothing here.
    const azure = standInOn(sandboxHome(sandbox.home).azureState);
    for (const type of ["resources:ResourceGroup", "containerservice:ManagedCluster", "containerservice:AgentPool"]) {
      for (const { name, inputs } of registered.filter((each) => each.type === `azure-native:${type}`)) {
        // The name in Azure is the one that the pools refer to: the mock engine gave the cluster its logical one.
        const named = type === "containerservice:ManagedCluster" ? { ...inputs, resourceName: name } : inputs;
        await make(azure, `azure-native:${type}`, name, named as Properties);
      }
    }
    for (const object of kubernetesObjects(registered).filter(isFoundation)) await server.apply(object, { dryRun: false });
  }, 900_000);
  afterAll(() => {
    server.close();
    sandbox.down();
  }, 120_000);

  it("puts every pod on the pool that it is for and on no other, spot or not, and what needs no GPU on none", async () => {
    const pods = kubernetesObjects(registered).flatMap(podsOf);
    const placed: Record<string, string> = {};
    for (const { of, namespace, pod } of pods) {
      const made = pod(namespace);
      expect(await server.apply(made, { dryRun: false })).toEqual({ unknownKind: false });
      placed[of.replace(/-[0-9a-f]{10}(?=-|$)/, "")] = await poolOf(namespace, made.metadata.name);
    }
    expect(placed).toEqual(EXPECTED);
  }, 240_000);

  interface Pod {
    readonly spec: { readonly nodeName?: string };
    readonly status?: object;
  }

  async function poolOf(namespace: string, pod: string): Promise<string> {
    let last: object | undefined;
    for (let attempt = 0; attempt < 120; attempt++) {
      const { spec, status } = await server.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${pod}`);
      if (spec.nodeName !== undefined) {
        const { metadata } = await server.get<{ readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }>(`/api/v1/nodes/${spec.nodeName}`);
        return metadata.labels?.[POOL] ?? "no GPU pool";
      }
      last = status;
      await sleep(500);
    }
    throw new Error(`${pod} is placed nowhere: ${JSON.stringify(last)}`);
  }
});
