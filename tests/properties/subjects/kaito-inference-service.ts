import * as fc from "fast-check";
import { InferenceService, type KaitoInferenceServiceArgs, type TeamRef } from "../../../components";
import { digests, optional, workloadNames } from "../arbitraries/common";
import type { Subject } from "../subject";

interface Declared {
  readonly name: string;
  readonly rank: number;
  readonly baseModel?: string;
  /** Digest of its image, where it has been tuned. */
  readonly digest?: string;
  /** An existing Secret, with which an image comes from another registry. */
  readonly pullSecret?: string;
}

interface Given extends Pick<KaitoInferenceServiceArgs, "model" | "size" | "replicas" | "serveBase" | "maxModelLength" | "runtime" | "performanceMode" | "accessSecret" | "clients" | "maxNodes" | "publicLoadBalancer"> {
  readonly version: string;
  readonly nodeProvisioner: KaitoInferenceServiceArgs["kaito"]["nodeProvisioner"];
  readonly podSecurity: TeamRef["podSecurity"];
  readonly adapters: readonly Declared[];
  readonly registryId?: string;
}

const adapters = fc.uniqueArray(
  fc.record({ name: workloadNames.map((name) => `a${name.slice(0, 20).replace(/-+$/, "")}`), rank: fc.constantFrom(1, 8, 16, 64), digest: optional(digests), pullSecret: optional(fc.constant("elsewhere")) }),
  { maxLength: 4, selector: ({ name }) => name },
);
const adapter = (changes: Partial<Declared>) => ({ adapters: [{ name: "one", rank: 8, ...changes }], registryId: undefined });

export const kaitoInferenceService: Subject<Given> = {
  given: fc.record({
    name: workloadNames.map((name) => name.slice(0, 30).replace(/-+$/, "")),
    args: fc.record<Given, "model" | "size" | "version" | "nodeProvisioner" | "podSecurity" | "adapters">(
      {
        model: fc.constantFrom("phi-4", "Phi-4-mini-instruct"),
        size: fc.constantFrom("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"),
        version: fc.constantFrom("0.12", "v0.12.1", "main"),
        nodeProvisioner: fc.constantFrom("azure-gpu-provisioner", "karpenter"),
        podSecurity: fc.constantFrom("baseline", "privileged", undefined),
        adapters,
        replicas: optional(fc.integer({ min: 0, max: 5 })),
        serveBase: optional(fc.boolean()),
        maxModelLength: optional(fc.integer({ min: 16, max: 4096 })),
        performanceMode: optional(fc.constantFrom("balanced", "interactivity", "throughput")),
        accessSecret: optional(fc.constant("hugging-face")),
        clients: optional(fc.oneof(fc.constant("any" as const), fc.array(workloadNames, { minLength: 1, maxLength: 3 }))),
      },
      { requiredKeys: ["model", "size", "version", "nodeProvisioner", "podSecurity", "adapters"] },
    ),
  }),
  register: ({ name, args: { version, nodeProvisioner, podSecurity, adapters: declared, registryId, model, ...args } }, world) => {
    const registry = registryId === undefined ? world.registry : { ...world.registry, id: registryId };
    const imageOf = ({ name: of, digest, pullSecret }: Declared) => digest && `${pullSecret === undefined ? "existing12345.azurecr.io/support" : "ghcr.io/others"}/${of}@${digest}`;
    return new InferenceService(name, {
      engine: "kaito",
      kaito: { version, nodeProvisioner },
      team: { ...world.team(), adapters: registry, podSecurity },
      model,
      ...args,
      adapters: declared.map((each) => ({
        ...{ name: each.name, rank: each.rank, baseModel: each.baseModel ?? (typeof model === "string" ? model : model.name), image: world.passed(imageOf(each)) },
        ...(each.pullSecret === undefined ? {} : { pullSecret: each.pullSecret }),
      })),
    });
  },
  mutations: [
    { fault: "a name with an underscore", code: "AKSFT-NAME-04", argument: "name", name: "support_bot", nearest: { name: "support-bot" } },
    { fault: "less than no replicas", code: "AKSFT-SERVE-01", argument: "replicas", args: { replicas: -1 }, nearest: { args: { replicas: 0 } } },
    { fault: "longer texts than the model takes", code: "AKSFT-SERVE-03", argument: "maxModelLength", args: { model: "phi-4", adapters: [], maxModelLength: 16_385 }, nearest: { args: { model: "phi-4", adapters: [], maxModelLength: 16_384 } } },
    { fault: "two adapters of one name", code: "AKSFT-SERVE-04", argument: "adapters", args: { adapters: [...adapter({}).adapters, ...adapter({}).adapters] }, nearest: { args: { adapters: [...adapter({}).adapters, ...adapter({ name: "two" }).adapters] } } },
    { fault: "an adapter of another model", code: "AKSFT-SERVE-06", argument: "adapters", args: adapter({ baseModel: "phi-2" }), nearest: { args: adapter({}) } },
    { fault: "a version between two", code: "AKSFT-KAITO-05", argument: "kaito.version", args: { version: "0.9" }, nearest: { args: { version: "0.12" } } },
    { fault: "a namespace that keeps its pods out", code: "AKSFT-KAITO-40", argument: "team.podSecurity", args: { podSecurity: "restricted" }, nearest: { args: { podSecurity: "baseline" } } },
    { fault: "neither size nor pool", code: "AKSFT-KAITO-41", argument: "size", args: { size: undefined }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } } },
    { fault: "a gated model without a token", code: "AKSFT-KAITO-43", argument: "accessSecret", args: { model: "Llama-3.1-8B-Instruct", accessSecret: undefined }, nearest: { args: { model: "Llama-3.1-8B-Instruct", accessSecret: "hugging-face" } } },
    { fault: "a name that no volume can have", code: "AKSFT-KAITO-46", argument: "adapters", args: adapter({ name: "a".repeat(32) }), nearest: { args: adapter({ name: "a".repeat(31) }) } },
    { fault: "no performance mode", code: "AKSFT-KAITO-51", argument: "performanceMode", args: { performanceMode: "fast" }, nearest: { args: { performanceMode: "throughput" } } },
    { fault: "an address for everybody in production", code: "AKSFT-KAITO-57", argument: "publicLoadBalancer", args: { publicLoadBalancer: true }, nearest: { args: { publicLoadBalancer: false } } },
    { fault: "more nodes than may be", code: "AKSFT-KAITO-54", argument: "maxNodes", args: { replicas: 2, maxNodes: 1 }, nearest: { args: { replicas: 2, maxNodes: 2 } }, alone: true },
    { fault: "a size that is not in its table", code: "AKSFT-KAITO-02", argument: "size", args: { size: "Standard_NC4as_T4_v3" }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } }, alone: true },
    { fault: "a size that it spells otherwise than Azure", code: "AKSFT-KAITO-59", argument: "size", args: { size: "Standard_ND96asr_v4" }, nearest: { args: { size: "Standard_ND96amsr_A100_v4" } } },
    { fault: "a registry by its host", code: "AKSFT-SECRET-05", argument: "team.adapters.id", args: { ...adapter({}), registryId: "existing12345.azurecr.io" }, nearest: { args: adapter({}) } },
  ],
};
