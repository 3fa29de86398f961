import * as fc from "fast-check";
import { type BaseModelName, type Clients, type GpuSize, InferenceService, type PoolRef } from "../../../components";
import { GPU_SIZE_NAMES, GPU_SIZES } from "../../../components/plan/catalogue/gpu-sizes";
import type { DeclaredAdapter } from "../../../components/plan/serving/adapters";
import { byDigest, TINY } from "../../support/tiny-recipe";
import { images, optional, recentVersions, workloadNames } from "../arbitraries/common";
import { partitions, type RunGiven } from "../arbitraries/tuning";
import type { Subject } from "../subject";

interface Given {
  /** Another model than the tiny one. */
  readonly model?: BaseModelName;
  readonly size: GpuSize;
  readonly maxNodes: number;
  readonly kubernetesVersion: PoolRef["kubernetesVersion"];
  readonly osSku: string;
  readonly adapters: readonly (DeclaredAdapter & { readonly image?: string })[];
  readonly replicas?: number;
  readonly serveBase?: boolean;
  readonly maxModelLength?: number;
  readonly clients?: Clients;
  readonly serverImage?: string;
  readonly partition?: RunGiven["partition"];
}

const adapters = fc.uniqueArray(
  fc.record({
    name: workloadNames.filter((name) => name !== TINY.name),
    baseModel: fc.constant(TINY.name),
    rank: fc.integer({ min: 1, max: 512 }),
    image: optional(images),
  }),
  { maxLength: 10, selector: ({ name }) => name },
);

const adapter = (changes: Partial<DeclaredAdapter>) => ({ adapters: [{ name: "one", baseModel: TINY.name, rank: 8, ...changes }] });

export const inferenceService: Subject<Given> = {
  given: fc.record({
    name: workloadNames,
    args: fc
      .record({
        size: fc.constantFrom(...GPU_SIZE_NAMES),
        maxNodes: fc.integer({ min: 1, max: 10 }),
        kubernetesVersion: recentVersions,
        osSku: fc.constant("Ubuntu2404"),
        adapters,
        serveBase: optional(fc.boolean()),
        clients: optional(fc.oneof(fc.constant("any" as const), fc.array(workloadNames, { minLength: 1, maxLength: 3 }))),
        serverImage: optional(images),
        partition: optional(partitions),
        maxModelLength: optional(fc.integer({ min: 16, max: TINY.max_position_embeddings })),
      })
      .chain((rest) =>
        optional(fc.integer({ min: 0, max: Math.min(100, rest.maxNodes * GPU_SIZES[rest.size].gpus) })).map((replicas): Given => ({ ...rest, replicas })),
      ),
  }),
  register: ({ name, args: { size, maxNodes, kubernetesVersion, osSku, serverImage, partition, model = TINY, ...args } }, world) =>
    new InferenceService(name, {
      team: world.team(),
      pool: world.pool({ size, maxNodes, kubernetesVersion, osSku, ...partition }),
      image: serverImage === undefined ? undefined : world.passed(serverImage),
      model,
      weights: { image: world.passed(byDigest("mlreg.azurecr.io/models/tiny", "c")) },
      ...args,
      adapters: args.adapters.map((each) => ({ ...each, image: world.passed(each.image) })),
    }),
  mutations: [
    { fault: "a name with an underscore", code: "AKSFT-NAME-04", argument: "name", name: "support_bot", nearest: { name: "support-bot" } },
    { fault: "less than no replicas", code: "AKSFT-SERVE-01", argument: "replicas", args: { replicas: -1 }, nearest: { args: { replicas: 0 } } },
    { fault: "more replicas than the pool has GPUs", code: "AKSFT-SERVE-02", argument: "replicas", args: { size: "Standard_NC4as_T4_v3", maxNodes: 1, replicas: 2 }, nearest: { args: { size: "Standard_NC4as_T4_v3", maxNodes: 1, replicas: 1 } } },
    { fault: "longer texts than the model takes", code: "AKSFT-SERVE-03", argument: "maxModelLength", args: { maxModelLength: 1025 }, nearest: { args: { maxModelLength: 1024 } } },
    { fault: "two adapters of one name", code: "AKSFT-SERVE-04", argument: "adapters", args: { adapters: [...adapter({}).adapters, ...adapter({}).adapters] }, nearest: { args: { adapters: [...adapter({}).adapters, ...adapter({ name: "two" }).adapters] } } },
    { fault: "an adapter with the base model's name", code: "AKSFT-SERVE-05", argument: "adapters", args: adapter({ name: TINY.name }), nearest: { args: adapter({ name: `${TINY.name}-tuned` }) } },
    { fault: "an adapter of another model", code: "AKSFT-SERVE-06", argument: "adapters", args: adapter({ baseModel: "phi-4" }), nearest: { args: adapter({ baseModel: TINY.name }) } },
    { fault: "an adapter of rank nothing", code: "AKSFT-SERVE-08", argument: "adapters", args: adapter({ rank: 0 }), nearest: { args: adapter({ rank: 1 }) } },
    { fault: "no clients at all", code: "AKSFT-SERVE-09", argument: "clients", args: { clients: [] }, nearest: { args: { clients: ["support"] } } },
    {
      fault: "a model larger than the GPU",
      code: "AKSFT-SERVE-10",
      argument: "pool.size",
      args: { size: "Standard_NC4as_T4_v3", model: "Mistral-7B-Instruct-v0.3", adapters: [], replicas: 1 },
      nearest: { args: { size: "Standard_NC24ads_A100_v4", model: "Mistral-7B-Instruct-v0.3", adapters: [], replicas: 1 } },
      alone: true,
    },
    { fault: "nodes that mount no image volumes", code: "AKSFT-SERVE-07", argument: "pool", args: { kubernetesVersion: "1.35" }, nearest: { args: { kubernetesVersion: "1.36" } } },
  ],
};
