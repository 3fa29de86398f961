import * as fc from "fast-check";
import { GpuSupport, type GpuSupportArgs } from "../../../components";
import { environments, images, logicalNames, optional } from "../arbitraries/common";
import type { Subject } from "../subject";

type Given = Omit<GpuSupportArgs, "cluster" | "devicePluginImage" | "metricsExporterImage"> & {
  readonly devicePluginImage?: string;
  readonly metricsExporterImage?: string;
  readonly clusterEnvironment?: "production" | "development";
};

const TAG = "nvcr.io/nvidia/k8s-device-plugin:v0.17.4";
const TOLERATIONS = [{ key: "example.com/owner", operator: "Equal", value: "ml", effect: "NoSchedule" }] as const;

/** What runs; production takes images by digest alone. */
const parts: fc.Arbitrary<Given> = fc.oneof(
  fc.record({ environment: optional(environments), clusterEnvironment: optional(environments), devicePluginImage: images, metricsExporterImage: images, metrics: optional(fc.constant(true)) }),
  fc.record({ devicePluginImage: images, metrics: fc.constant(false), devicePlugin: optional(fc.constant(true)) }),
  fc.record({ metricsExporterImage: images, devicePlugin: fc.constant(false), metrics: optional(fc.constant(true)) }),
  fc.record({ environment: fc.constant("development" as const), devicePluginImage: optional(fc.constant(TAG)), devicePlugin: optional(fc.boolean()) }),
  fc.record({ clusterEnvironment: fc.constant("development" as const) }),
);

const rest = fc.record<Pick<Given, "migStrategy" | "pools">, never>(
  { migStrategy: fc.constantFrom("none", "single", "mixed"), pools: fc.array(fc.constant({ tolerations: TOLERATIONS }), { maxLength: 2 }) },
  { requiredKeys: [] },
);

const PRODUCTION = { args: { environment: "production", devicePlugin: true, metrics: false } };

export const gpuSupport: Subject<Given> = {
  given: fc.record({ name: logicalNames, args: fc.tuple(parts, rest).map(([part, more]): Given => ({ ...part, ...more })) }),
  register: ({ name, args: { clusterEnvironment, devicePluginImage, metricsExporterImage, ...args } }, world) =>
    new GpuSupport(name, {
      cluster: world.cluster({ environment: clusterEnvironment }),
      ...args,
      devicePluginImage: devicePluginImage === undefined ? undefined : world.passed(devicePluginImage),
      metricsExporterImage: metricsExporterImage === undefined ? undefined : world.passed(metricsExporterImage),
    }),
  mutations: [
    { fault: "a tag that moves under every GPU node", code: "AKSFT-GPU-01", argument: "devicePluginImage", on: PRODUCTION, args: { devicePluginImage: TAG }, nearest: { args: { devicePluginImage: `${TAG}@sha256:${"a".repeat(64)}` } } },
    { fault: "an unknown strategy", code: "AKSFT-GPU-02", argument: "migStrategy", args: { migStrategy: "mix" }, nearest: { args: { migStrategy: "mixed" } } },
    { fault: "support without a part", code: "AKSFT-GPU-03", argument: "metrics", args: { devicePlugin: false, metrics: false }, nearest: { args: { environment: "development", devicePlugin: false, metrics: true } }, alone: true },
  ],
};
