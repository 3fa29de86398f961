import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "./checked";
import type { ClusterRef } from "./cluster";
import { declareGpuSupport, kaitoOn } from "./kaito-operator/declared";
import { IMAGES } from "./plan/catalogue/images";
import { type GpuSupportDecisions, type GpuSupportPlan, imageProblems, planGpuSupport } from "./plan/gpu-support";
import {
  devicePluginSpec,
  GPU_SUPPORT_ACCOUNT,
  GPU_SUPPORT_NAMESPACE,
  METRICS_SCRAPING,
  metricsExporterSpec,
  NOTHING_IN_OR_OUT,
  PRIVILEGED_LABELS,
} from "./plan/manifests/gpu-support";

/** Arguments of a GpuSupport. */
export interface GpuSupportArgs extends GpuSupportDecisions {
  /** Cluster whose GPU nodes are served. */
  readonly cluster: ClusterRef;
  /** NVIDIA device plugin, by digest. @default - the catalogue's version, by tag, which production refuses */
  readonly devicePluginImage?: pulumi.Input<string>;
  /** NVIDIA DCGM exporter, by digest. @default - the catalogue's version, by tag, which production refuses */
  readonly metricsExporterImage?: pulumi.Input<string>;
}

/**
 * What AKS leaves out of a GPU node: the device plugin that offers its GPUs to pods, and the exporter of their metrics.
 *
 * Creates a namespace without a way in or out but for Prometheus, and two DaemonSets that run on the pools of this library whose driver is
 * AKS's, and with `kaitoNodes` on the nodes that KAITO's provisioner makes; nodes of a pool with driver "None" get both from NVIDIA's GPU Operator,
 * the one owner of their driver. Costs nothing beside the nodes.
 *
 * @example
 * new GpuSupport("gpu-support", { cluster, devicePluginImage: config.require("devicePluginImage"), metrics: false });
 */
export class GpuSupport extends pulumi.ComponentResource {
  /** Namespace of both DaemonSets. */
  readonly namespace: core.Namespace;

  constructor(name: string, args: GpuSupportArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, devicePluginImage = IMAGES.devicePlugin, metricsExporterImage = IMAGES.metricsExporter } = args;
    const plan = planGpuSupport(name, args, { devicePluginImage, metricsExporterImage }, cluster.environment, kaitoOn(cluster));
    super("aks-fine-tuning:index:GpuSupport", name, {}, opts);
    declareGpuSupport(cluster, plan);
    const child = { parent: this, provider: cluster.provider };

    this.namespace = new core.Namespace(name, { metadata: { name: GPU_SUPPORT_NAMESPACE, labels: PRIVILEGED_LABELS } }, child);
    const inside = { ...child, dependsOn: [this.namespace] };
    const guards = guardRails(name, plan, inside);
    const guarded = { ...child, dependsOn: [this.namespace, ...guards] };
    if (plan.devicePlugin) {
      const image = checked("GpuSupport", devicePluginImage, (known) => imageProblems("devicePluginImage", known, plan.environment));
      daemonSet(name, "device-plugin", devicePluginSpec(image, plan), guarded);
    }
    if (plan.metrics) {
      const image = checked("GpuSupport", metricsExporterImage, (known) => imageProblems("metricsExporterImage", known, plan.environment));
      daemonSet(name, "metrics-exporter", metricsExporterSpec(image, plan), guarded);
    }
    this.registerOutputs({ namespace: GPU_SUPPORT_NAMESPACE });
  }
}

function daemonSet(name: string, part: string, spec: ReturnType<typeof devicePluginSpec | typeof metricsExporterSpec>, opts: pulumi.CustomResourceOptions): void {
  new apps.DaemonSet(`${name}-${part}`, { metadata: { name: part, namespace: GPU_SUPPORT_NAMESPACE }, spec }, opts);
}

/** An account that may do nothing, and the network policies. */
function guardRails(name: string, { metrics }: GpuSupportPlan, inside: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const named = (objectName: string) => ({ name: objectName, namespace: GPU_SUPPORT_NAMESPACE });
  return [
    new core.ServiceAccount(`${name}-account`, { metadata: named(GPU_SUPPORT_ACCOUNT), automountServiceAccountToken: false }, inside),
    new networking.NetworkPolicy(`${name}-default-deny`, { metadata: named("default-deny"), spec: NOTHING_IN_OR_OUT }, inside),
    ...(metrics
      ? [new networking.NetworkPolicy(`${name}-scraping`, { metadata: named("scraping"), spec: METRICS_SCRAPING }, inside)]
      : []),
  ];
}
