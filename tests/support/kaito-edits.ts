import type { KaitoInferenceServiceArgs, KaitoRef } from "../../components";
import type { KaitoKind } from "./kaito-serving";
import { byDigest } from "./tiny-recipe";

/** Arguments of a service but for its place. */
export type KaitoArguments = Partial<Omit<KaitoInferenceServiceArgs, "engine" | "team" | "kaito" | "pool">> & { readonly kaito?: Partial<KaitoRef> };

/** What KAITO does with an edit of a live object: applies it, takes it and does nothing, refuses it, or applies it by stopping the server first. */
export type KaitoVerdict = "applies" | "ignores" | "rejects" | "interrupts" | "is not asked";

/** What this library plans: the object changes, another takes over from it, nothing changes, or the arguments are refused. */
export type KaitoPlanned = "in place" | "second set" | "nothing" | "refused";

/** One edit of a service that runs. */
export interface KaitoEdit {
  readonly title: string;
  readonly kinds: readonly KaitoKind[];
  /** Arguments before, where they matter to the edit. */
  readonly from?: KaitoArguments;
  readonly to: KaitoArguments;
  /** Members of the object that the edit changes, by kind, had it kept its name. */
  readonly fields: Readonly<Partial<Record<KaitoKind, readonly string[]>>>;
  readonly kaito: Readonly<Partial<Record<KaitoKind, KaitoVerdict>>>;
  readonly why: string;
  readonly planned: KaitoPlanned;
  /** Code of the refusal. */
  readonly code?: string;
}

const SET: readonly KaitoKind[] = ["InferenceSet"];
const WORKSPACE: readonly KaitoKind[] = ["Workspace"];
const BOTH: readonly KaitoKind[] = ["InferenceSet", "Workspace"];
const both = <T>(value: T): Record<KaitoKind, T> => ({ InferenceSet: value, Workspace: value });
const adapter = (name: string, digit = "9", rank = 16) => ({ name, baseModel: "phi-4", rank, image: byDigest(`mlreg.azurecr.io/support/${name}`, digit) });
const IN_TEMPLATE = "spec.template.inference";
const LEFT_ALONE = "a set makes copies from its template and never looks at those it has: https://kaito-project.github.io/kaito/docs/inferenceset";

/**
 * Every argument of a service by KAITO, changed while it runs. What KAITO does stands in pkg/inferenceset/inferenceset_controller.go,
 * pkg/workspace/controllers/workspace_controller.go and api/v1beta1/workspace_validation.go of kaito-project/kaito v0.12.0 and v0.6.0.
 */
export const KAITO_EDITS: readonly KaitoEdit[] = [
  {
    title: "more replicas",
    kinds: SET,
    to: { replicas: 2 },
    fields: { InferenceSet: ["spec.replicas"] },
    kaito: { InferenceSet: "applies" },
    why: "copies are made and removed",
    planned: "in place",
  },
  {
    title: "no replicas",
    kinds: SET,
    to: { replicas: 0 },
    fields: { InferenceSet: ["spec.replicas"] },
    kaito: { InferenceSet: "applies" },
    why: "the copies go, and their nodes with them",
    planned: "in place",
  },
  {
    title: "more replicas of a Workspace",
    kinds: WORKSPACE,
    to: { replicas: 2 },
    fields: {},
    kaito: { Workspace: "is not asked" },
    why: "a Workspace is one copy",
    planned: "refused",
    code: "AKSFT-KAITO-50",
  },
  {
    title: "another model",
    kinds: BOTH,
    to: { model: "Phi-4-mini-instruct" },
    fields: { InferenceSet: [`${IN_TEMPLATE}.config`, `${IN_TEMPLATE}.preset.name`], Workspace: ["inference.config", "inference.preset.name"] },
    kaito: { InferenceSet: "ignores", Workspace: "rejects" },
    why: "a Workspace's preset cannot be changed; " + LEFT_ALONE,
    planned: "second set",
  },
  {
    title: "another size",
    kinds: BOTH,
    to: { size: "Standard_NC40ads_H100_v5" },
    fields: { InferenceSet: ["spec.template.resource.instanceType"], Workspace: ["resource.instanceType"] },
    kaito: { InferenceSet: "ignores", Workspace: "rejects" },
    why: "a Workspace's instanceType is immutable; " + LEFT_ALONE,
    planned: "second set",
  },
  {
    title: "a first adapter",
    kinds: BOTH,
    to: { adapters: [adapter("tickets")] },
    fields: {
      InferenceSet: [`${IN_TEMPLATE}.adapters`, `${IN_TEMPLATE}.config`],
      Workspace: ["inference.adapters", "inference.config"],
    },
    kaito: both("ignores"),
    why: "its files are pulled, and the server's command goes on without --enable-lora",
    planned: "second set",
  },
  {
    title: "one more adapter",
    kinds: BOTH,
    from: { adapters: [adapter("tickets")] },
    to: { adapters: [adapter("tickets"), adapter("returns")] },
    fields: { InferenceSet: [`${IN_TEMPLATE}.adapters`, `${IN_TEMPLATE}.config`], Workspace: ["inference.adapters", "inference.config"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "the only pod goes before the next one starts, which is minutes without an answer (kaito-project/kaito#1132)",
    planned: "second set",
  },
  {
    title: "one adapter fewer",
    kinds: BOTH,
    from: { adapters: [adapter("tickets"), adapter("returns")] },
    to: { adapters: [adapter("tickets")] },
    fields: { InferenceSet: [`${IN_TEMPLATE}.adapters`, `${IN_TEMPLATE}.config`], Workspace: ["inference.adapters", "inference.config"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "as one more",
    planned: "second set",
  },
  {
    title: "an adapter of another run",
    kinds: BOTH,
    from: { adapters: [adapter("tickets", "8")] },
    to: { adapters: [adapter("tickets", "9")] },
    fields: { InferenceSet: [`${IN_TEMPLATE}.adapters`], Workspace: ["inference.adapters"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "as one more",
    planned: "second set",
  },
  {
    title: "an adapter of a rank that needs wider slots",
    kinds: BOTH,
    from: { adapters: [adapter("tickets")] },
    to: { adapters: [adapter("tickets", "9", 64)] },
    fields: { InferenceSet: [`${IN_TEMPLATE}.config`], Workspace: ["inference.config"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "the configuration is another ConfigMap, whose mount restarts the pod",
    planned: "second set",
  },
  {
    title: "an adapter of a rank that fits the slots",
    kinds: BOTH,
    from: { adapters: [adapter("tickets", "9", 9)] },
    to: { adapters: [adapter("tickets", "9", 16)] },
    fields: both([]),
    kaito: both("is not asked"),
    why: "vLLM takes ranks by steps, and 9 has the slots of 16",
    planned: "nothing",
  },
  {
    title: "adapters in another order",
    kinds: BOTH,
    from: { adapters: [adapter("tickets"), adapter("returns")] },
    to: { adapters: [adapter("returns"), adapter("tickets")] },
    fields: both([]),
    kaito: both("is not asked"),
    why: "they are written in order of name",
    planned: "nothing",
  },
  {
    title: "an adapter with another Secret",
    kinds: BOTH,
    from: { adapters: [adapter("tickets")] },
    to: { adapters: [{ ...adapter("tickets"), pullSecret: "elsewhere" }] },
    fields: { InferenceSet: [`${IN_TEMPLATE}.adapters`], Workspace: ["inference.adapters"] },
    kaito: both("ignores"),
    why: "imagePullSecrets are no part of what is patched",
    planned: "second set",
  },
  {
    title: "an adapter's strength",
    kinds: BOTH,
    from: { runtime: "transformers", adapters: [adapter("tickets")] },
    to: { runtime: "transformers", adapters: [{ ...adapter("tickets"), strength: 0.5 }] },
    fields: { InferenceSet: [`${IN_TEMPLATE}.adapters`], Workspace: ["inference.adapters"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "as one more",
    planned: "second set",
  },
  {
    title: "an adapter's strength with vLLM",
    kinds: BOTH,
    from: { adapters: [adapter("tickets")] },
    to: { adapters: [{ ...adapter("tickets"), strength: 0.5 }] },
    fields: {},
    kaito: { InferenceSet: "rejects", Workspace: "interrupts" },
    why: "it is refused of new Workspaces alone, and of every edit of a set, whose next copy is judged as a new one (kaito-project/kaito#2274)",
    planned: "refused",
    code: "AKSFT-KAITO-48",
  },
  {
    title: "an eleventh adapter",
    kinds: BOTH,
    from: { adapters: [adapter("a0")] },
    to: { adapters: Array.from({ length: 11 }, (_, index) => adapter(`a${index}`)) },
    fields: {},
    kaito: { InferenceSet: "rejects", Workspace: "interrupts" },
    why: "they are counted in new Workspaces alone, and in every edit of a set",
    planned: "refused",
    code: "AKSFT-KAITO-47",
  },
  {
    title: "a first length",
    kinds: BOTH,
    to: { maxModelLength: 4096 },
    fields: { InferenceSet: [`${IN_TEMPLATE}.config`], Workspace: ["inference.config"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "a configuration is there before, so that the flag that reads it is; the nodes are not counted again",
    planned: "second set",
  },
  {
    title: "another length",
    kinds: BOTH,
    from: { maxModelLength: 4096 },
    to: { maxModelLength: 8192 },
    fields: { InferenceSet: [`${IN_TEMPLATE}.config`], Workspace: ["inference.config"] },
    kaito: { InferenceSet: "ignores", Workspace: "interrupts" },
    why: "the pod restarts, and the nodes are not counted again",
    planned: "second set",
  },
  {
    title: "another runtime",
    kinds: BOTH,
    to: { runtime: "transformers" },
    fields: {
      InferenceSet: [`${IN_TEMPLATE}.config`, "spec.template.metadata.annotations.kaito.sh/runtime"],
      Workspace: ["inference.config", "metadata.annotations.kaito.sh/runtime"],
    },
    kaito: both("ignores"),
    why: "the command of a pod is not patched",
    planned: "second set",
  },
  {
    title: "a performance mode",
    kinds: SET,
    to: { performanceMode: "throughput" },
    fields: { InferenceSet: ["spec.template.metadata.annotations.kaito.sh/performance-mode"] },
    kaito: { InferenceSet: "ignores" },
    why: LEFT_ALONE,
    planned: "second set",
  },
  {
    title: "a performance mode of a version without",
    kinds: WORKSPACE,
    to: { performanceMode: "throughput" },
    fields: {},
    kaito: { Workspace: "ignores" },
    why: "the annotation is not known to 0.6",
    planned: "refused",
    code: "AKSFT-KAITO-51",
  },
  {
    title: "a token for the hub",
    kinds: SET,
    to: { accessSecret: "hugging-face" },
    fields: { InferenceSet: [`${IN_TEMPLATE}.preset.presetOptions`] },
    kaito: { InferenceSet: "ignores" },
    why: LEFT_ALONE,
    planned: "second set",
  },
  {
    title: "another Secret with the token for the hub",
    kinds: BOTH,
    from: { model: "Llama-3.1-8B-Instruct", accessSecret: "hugging-face" },
    to: { accessSecret: "elsewhere" },
    fields: {
      InferenceSet: [`${IN_TEMPLATE}.preset.presetOptions.modelAccessSecret`],
      Workspace: ["inference.preset.presetOptions.modelAccessSecret"],
    },
    kaito: { InferenceSet: "ignores", Workspace: "rejects" },
    why: "a Workspace's preset cannot be changed",
    planned: "second set",
  },
  {
    title: "a token for a preset whose image has the weights",
    kinds: WORKSPACE,
    to: { accessSecret: "hugging-face" },
    fields: {},
    kaito: { Workspace: "rejects" },
    why: "a Workspace's preset cannot be changed, and a new one that asks for a token without need is refused too",
    planned: "refused",
    code: "AKSFT-KAITO-43",
  },
  {
    title: "a cap on nodes",
    kinds: BOTH,
    to: { maxNodes: 1 },
    fields: both([]),
    kaito: both("is not asked"),
    why: "the cap is this library's; nodeCountLimit limits nothing",
    planned: "nothing",
  },
  {
    title: "other clients",
    kinds: BOTH,
    to: { clients: ["frontend"] },
    fields: both([]),
    kaito: both("is not asked"),
    why: "they stand in a network policy, which is edited in place",
    planned: "in place",
  },
  {
    title: "a public address",
    kinds: BOTH,
    to: { publicLoadBalancer: true },
    fields: {},
    kaito: both("ignores"),
    why: "a Service that is there is left as it is; the next copy's is a load balancer's",
    planned: "refused",
    code: "AKSFT-KAITO-57",
  },
  {
    title: "another provisioner",
    kinds: SET,
    to: { kaito: { nodeProvisioner: "azure-gpu-provisioner" } },
    fields: { InferenceSet: [] },
    kaito: { InferenceSet: "is not asked" },
    why: "the nodes that a copy has were made by the one before, and would be left behind",
    planned: "second set",
  },
  {
    title: "another version, which launches vLLM with more of the GPU",
    kinds: SET,
    to: { kaito: { version: "main" } },
    fields: { InferenceSet: [`${IN_TEMPLATE}.config`] },
    kaito: { InferenceSet: "ignores" },
    why: LEFT_ALONE,
    planned: "second set",
  },
  {
    title: "another patch of the version",
    kinds: SET,
    to: { kaito: { version: "0.12.0" } },
    fields: { InferenceSet: [] },
    kaito: { InferenceSet: "is not asked" },
    why: "a patch asks for nothing else",
    planned: "nothing",
  },
  {
    title: "the base while the adapter is still to come",
    kinds: SET,
    from: { adapters: [{ ...adapter("tickets"), image: undefined }] },
    to: { serveBase: true },
    fields: { InferenceSet: ["spec.replicas"] },
    kaito: { InferenceSet: "applies" },
    why: "copies are made and removed",
    planned: "in place",
  },
  {
    title: "an adapter that finishes",
    kinds: SET,
    from: { adapters: [{ ...adapter("tickets"), image: undefined }] },
    to: { adapters: [adapter("tickets")] },
    fields: { InferenceSet: ["spec.replicas", `${IN_TEMPLATE}.adapters`, `${IN_TEMPLATE}.config`] },
    kaito: { InferenceSet: "ignores" },
    why: "it had no copy that could ignore the template; the object's name goes by the template all the same",
    planned: "second set",
  },
];

/** Members of both kinds that KAITO takes and no argument sets, so that no edit of them is planned. */
export const NOT_RENDERED: Readonly<Record<string, string>> = {
  "resource.count": "0.12 ignores it with presets; what 0.6 serves takes one node",
  "resource.preferredNodes": "not read since v1beta1",
  "resource.partition": "slices are refused: KAITO's gates for them are off",
  "inference.template": "edits of it do nothing, and it has neither sizing nor adapters; that is what engine vllm is for",
  "inference.preset.accessMode": "without effect",
  "inference.preset.presetOptions.image": "of private presets, which are no more",
  "inference.adapters[].source.volumeSource": "an adapter is an image by digest",
  "spec.nodeCountLimit": "never enforced; maxNodes is this library's",
  "spec.updateStrategy": "not used when a template changes",
  "spec.autoUpgrade": "off, and its gate too: the server's image moves with the operator",
};
