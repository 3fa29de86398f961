import * as fc from "fast-check";
import { type ClusterRef, KaitoOperator, type KaitoOperatorArgs } from "../../../components";
import { images, optional, tags, workloadNames } from "../arbitraries/common";
import type { Mutation, Subject } from "../subject";
import type { World } from "../world";
import { tagMutations } from "./shared";

type Given = Omit<KaitoOperatorArgs, "cluster" | "image" | "provisionerImage" | "provisionerRoleId"> & {
  readonly image?: string;
  readonly provisionerImage?: string;
  readonly existingRole?: boolean;
  readonly clusterAddOn?: boolean;
  readonly karpenter?: boolean;
  /** Whether the cluster says where its nodes are. @default true */
  readonly placed?: boolean;
};

const common = fc.record<Pick<Given, "version" | "devicePlugin" | "localDisks" | "presetRegistry" | "chartRepository" | "memoryMiB" | "logLevel">, never>(
  {
    version: fc.constantFrom("0.12", "0.12.0", "v0.12.0"),
    devicePlugin: fc.constantFrom("gpu-support", "kaito", "other"),
    localDisks: fc.boolean(),
    presetRegistry: fc.constantFrom("mcr.microsoft.com/aks/kaito", "mlreg.azurecr.io/kaito"),
    chartRepository: fc.constantFrom("oci://mlreg.azurecr.io/helm", "https://charts.example/kaito"),
    memoryMiB: fc.integer({ min: 128, max: 16_384 }),
    logLevel: fc.constantFrom("debug", "info", "warn", "error"),
  },
  { requiredKeys: [] },
);

/** By provisioner: each has settings of its own. */
const provisioned: fc.Arbitrary<Given> = fc.oneof(
  fc.record({ image: images, provisionerImage: images, existingRole: optional(fc.boolean()), tags: optional(tags), nodeProvisioner: optional(fc.constant("azure-gpu-provisioner" as const)) }),
  fc.record({ environment: fc.constant("development" as const), existingRole: optional(fc.boolean()), tags: optional(tags) }),
  fc.record({ karpenter: fc.constant(true), image: images, nodeProvisioner: optional(fc.constant("karpenter" as const)) }),
  fc.record({ nodeProvisioner: fc.constant("byo" as const), image: images, karpenter: optional(fc.boolean()), placed: optional(fc.boolean()), featureDiscovery: optional(fc.boolean()) }),
);

const byChart = fc.tuple(common, provisioned).map(([settings, nodes]): Given => ({ ...settings, ...nodes }));
const asAddOn: fc.Arbitrary<Given> = fc.record({
  channel: fc.constant("add-on" as const),
  clusterAddOn: fc.constant(true),
  version: optional(fc.constantFrom("0.6", "0.6.0", "0.12")),
  karpenter: optional(fc.boolean()),
});

/** A KAITO that everything can be said of, whatever is drawn. */
const PLAIN: Given = {
  channel: "chart",
  version: "0.12",
  environment: "development",
  nodeProvisioner: "azure-gpu-provisioner",
  clusterAddOn: undefined,
  karpenter: undefined,
  placed: true,
  image: undefined,
  provisionerImage: undefined,
  devicePlugin: undefined,
  featureDiscovery: undefined,
};
const ADD_ON: Partial<Record<keyof Given, unknown>> = {
  ...{ channel: "add-on", clusterAddOn: true, version: "0.6", nodeProvisioner: undefined, devicePlugin: undefined, image: undefined, provisionerImage: undefined },
  ...{ existingRole: undefined, tags: undefined, featureGates: undefined, featureDiscovery: undefined, localDisks: undefined, presetRegistry: undefined },
  ...{ chartRepository: undefined, memoryMiB: undefined, logLevel: undefined },
};
const plain = { on: { args: { ...PLAIN } } };
const addOn = { on: { args: ADD_ON } };
const gates = (featureGates: object) => ({ args: { featureGates } });

const channels: readonly Mutation<Given>[] = [
  { fault: "a channel of nobody", code: "AKSFT-KAITO-60", argument: "channel", ...plain, args: { channel: "helm" }, nearest: { args: { channel: "chart" } } },
  { fault: "a version between two", code: "AKSFT-KAITO-05", argument: "version", ...plain, args: { version: "0.9" }, nearest: { args: { version: "0.12" } }, alone: true },
  { fault: "a version that no chart has", code: "AKSFT-KAITO-61", argument: "version", ...plain, args: { version: "main" }, nearest: { args: { version: "0.12" } }, alone: true },
  { fault: "an add-on with a setting", code: "AKSFT-KAITO-63", argument: "memoryMiB", ...addOn, args: { memoryMiB: 512 }, nearest: { args: { memoryMiB: undefined } }, alone: true },
  { fault: "an add-on with nodes of one's own", code: "AKSFT-KAITO-62", argument: "nodeProvisioner", ...addOn, args: { nodeProvisioner: "byo" }, nearest: { args: { nodeProvisioner: "azure-gpu-provisioner" } }, alone: true },
  { fault: "an add-on without its device plugin", code: "AKSFT-KAITO-73", argument: "devicePlugin", ...addOn, args: { devicePlugin: "gpu-support" }, nearest: { args: { devicePlugin: "kaito" } }, alone: true },
  { fault: "an add-on that is off", code: "AKSFT-KAITO-65", argument: "channel", ...addOn, args: { clusterAddOn: false }, nearest: { args: { clusterAddOn: true } }, alone: true },
  { fault: "a chart beside the add-on", code: "AKSFT-KAITO-66", argument: "channel", ...plain, args: { clusterAddOn: true }, nearest: { args: { clusterAddOn: false } }, alone: true },
];

const nodes: readonly Mutation<Given>[] = [
  { fault: "a provisioner of nobody", code: "AKSFT-KAITO-62", argument: "nodeProvisioner", ...plain, args: { nodeProvisioner: "nap", tags: undefined, existingRole: undefined }, nearest: { args: { nodeProvisioner: "byo" } }, alone: true },
  { fault: "Karpenter where there is none", code: "AKSFT-KAITO-64", argument: "nodeProvisioner", ...plain, args: { nodeProvisioner: "karpenter", tags: undefined, existingRole: undefined }, nearest: { args: { karpenter: true, nodeProvisioner: "karpenter", tags: undefined, existingRole: undefined } }, alone: true },
  { fault: "a cluster that is nowhere", code: "AKSFT-KAITO-74", argument: "cluster", ...plain, args: { placed: false }, nearest: { args: { placed: true } } },
  { fault: "a role for nobody", code: "AKSFT-KAITO-78", argument: "provisionerRoleId", ...plain, args: { nodeProvisioner: "byo", existingRole: true, tags: undefined }, nearest: { args: { existingRole: true } }, alone: true },
  { fault: "no device plugin's owner", code: "AKSFT-KAITO-73", argument: "devicePlugin", ...plain, args: { devicePlugin: "none" }, nearest: { args: { devicePlugin: "other" } } },
];

const settings: readonly Mutation<Given>[] = [
  { fault: "a gate that is none", code: "AKSFT-KAITO-67", argument: "featureGates", ...plain, ...gates({ modelMirror: true }), nearest: gates({ ModelMirror: true }) },
  { fault: "parts of what KAITO buys", code: "AKSFT-KAITO-68", argument: "featureGates", ...plain, ...gates({ enableMIG: true }), nearest: { args: { nodeProvisioner: "byo", featureGates: { enableMIG: true }, tags: undefined, existingRole: undefined } } },
  { fault: "streaming from nothing", code: "AKSFT-KAITO-68", argument: "featureGates", ...plain, ...gates({ ModelStreaming: true }), nearest: gates({ ModelStreaming: true, ModelMirror: true }) },
  { fault: "tags in production", code: "AKSFT-KAITO-69", argument: "image", ...plain, args: { environment: "production", provisionerImage: `a.io/b@sha256:${"a".repeat(64)}` }, nearest: {}, alone: true },
  { fault: "little memory", code: "AKSFT-KAITO-75", argument: "memoryMiB", ...plain, args: { memoryMiB: 127 }, nearest: { args: { memoryMiB: 128 } } },
  { fault: "a mirror with a scheme", code: "AKSFT-KAITO-76", argument: "presetRegistry", ...plain, args: { presetRegistry: "https://a.io/b" }, nearest: { args: { presetRegistry: "a.io/b" } } },
  { fault: "charts without a scheme", code: "AKSFT-KAITO-76", argument: "chartRepository", ...plain, args: { chartRepository: "a.io/b" }, nearest: { args: { chartRepository: "oci://a.io/b" } } },
  { fault: "a log level of nobody", code: "AKSFT-KAITO-77", argument: "logLevel", ...plain, args: { logLevel: "warning" }, nearest: { args: { logLevel: "warn" } } },
];

function clusterOf(world: World, { clusterAddOn, karpenter = false, placed = true }: Given): ClusterRef {
  const place = placed ? { location: world.passed("eastus"), nodeResourceGroup: world.passed("nodes") } : {};
  return world.cluster({ ...place, kaitoAddOn: clusterAddOn, nodeProvisioning: karpenter ? "node-auto-provisioning" : "autoscaler" });
}

export const kaitoOperator: Subject<Given> = {
  given: fc.record({ name: workloadNames, args: fc.oneof({ weight: 4, arbitrary: byChart }, { weight: 1, arbitrary: asAddOn }) }),
  register: ({ name, args }, world) => {
    const { image, provisionerImage, existingRole = false, clusterAddOn, karpenter, placed, ...rest } = args;
    return new KaitoOperator(name, {
      ...rest,
      cluster: clusterOf(world, { clusterAddOn, karpenter, placed }),
      image: image === undefined ? undefined : world.passed(image),
      provisionerImage: provisionerImage === undefined ? undefined : world.passed(provisionerImage),
      provisionerRoleId: existingRole ? world.passed("/providers/Microsoft.Authorization/roleDefinitions/existing") : undefined,
    });
  },
  mutations: [...channels, ...nodes, ...settings, ...tagMutations<Given>().map((row) => ({ ...row, ...plain }))],
};
