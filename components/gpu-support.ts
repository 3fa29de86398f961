import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { IMAGES } from "./plan/catalogue/images";
import {
  devicePluginSpec,
  GPU_SUPPORT_NAMESPACE,
  metricsExporterSpec,
  PRIVILEGED_LABELS,
} from "./plan/manifests/gpu-support";

export interface GpuSupportArgs {
  readonly cluster: ClusterRef;
  /** NVIDIA device plugin, by digest. @default - the catalogue's version, by tag */
  readonly devicePluginImage?: pulumi.Input<string>;
  /** NVIDIA DCGM exporter, by digest. @default - the catalogue's version, by tag */
  readonly metricsExporterImage?: pulumi.Input<string>;
}

/**
 * What AKS leaves out of a GPU node: the device plugin that offers its GPUs to pods, and the exporter of their metrics.
 *
 * Creates a namespace and two DaemonSets that run on the pools of this library. Leave it out where KAITO's chart brings the plugin.
 * Costs nothing beside the nodes.
 *
 * @example
 * new GpuSupport("gpu-support", { cluster });
 */
export class GpuSupport extends pulumi.ComponentResource {
  readonly namespace: core.Namespace;

  constructor(name: string, args: GpuSupportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("aks-fine-tuning:index:GpuSupport", name, {}, opts);
    const { cluster, devicePluginImage = IMAGES.devicePlugin, metricsExporterImage = IMAGES.metricsExporter } = args;
    const child = { parent: this, provider: cluster.provider };

    this.namespace = new core.Namespace(name, { metadata: { name: GPU_SUPPORT_NAMESPACE, labels: PRIVILEGED_LABELS } }, child);
    const inside = { ...child, dependsOn: [this.namespace] };
    new apps.DaemonSet(
      `${name}-device-plugin`,
      { metadata: { name: "device-plugin", namespace: GPU_SUPPORT_NAMESPACE }, spec: devicePluginSpec(devicePluginImage) },
      inside,
    );
    new apps.DaemonSet(
      `${name}-metrics-exporter`,
      {
        metadata: { name: "metrics-exporter", namespace: GPU_SUPPORT_NAMESPACE },
        spec: metricsExporterSpec(metricsExporterImage),
      },
      inside,
    );
    this.registerOutputs({ namespace: GPU_SUPPORT_NAMESPACE });
  }
}
