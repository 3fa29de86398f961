import { BY_DIGEST } from "./digest";
import { DEFAULT_ENVIRONMENT, type Environment } from "./environment";
import type { Toleration } from "./gpu-pool/decisions";
import { type DeclaredKaito, devicePluginProblems } from "./kaito/operator/device-plugin";
import { type Problem, refuse } from "./refuse";
import { choiceProblems } from "./spelling";

/** How the device plugin names the slices of partitioned GPUs. */
export const MIG_STRATEGIES = ["none", "single", "mixed"] as const;
export type MigStrategy = (typeof MIG_STRATEGIES)[number];

export interface GpuSupportDecisions {
  /** Decides whether images must be named by digest. @default - the cluster's, else "production" */
  readonly environment?: Environment;
  /** Run NVIDIA's device plugin; false where KAITO's chart or AKS's managed GPU nodes bring it, as a node takes one. @default true */
  readonly devicePlugin?: boolean;
  /** Serve the nodes that KAITO's provisioner makes too, and not the library's pools alone. @default false */
  readonly kaitoNodes?: boolean;
  /** Run the exporter of GPU metrics. @default true */
  readonly metrics?: boolean;
  /** What pods request on pools with a `gpuInstanceProfile`, the same as those pools' `migStrategy`. @default "none" */
  readonly migStrategy?: MigStrategy;
  /** Pools with taints of their own, which plugin and exporter then tolerate. @default - the library's own taints alone */
  readonly pools?: readonly {
    /** What a pod tolerates to land on the pool. */
    readonly tolerations: readonly Toleration[];
  }[];
}

export interface GpuSupportImages {
  readonly devicePluginImage: unknown;
  readonly metricsExporterImage: unknown;
}

export interface GpuSupportPlan {
  readonly environment: Environment;
  readonly devicePlugin: boolean;
  readonly kaitoNodes: boolean;
  readonly metrics: boolean;
  readonly migStrategy: MigStrategy;
  /** Tolerations of the pools' own taints, each once. */
  readonly tolerations: readonly Toleration[];
}

/** `cluster` is the cluster's environment, `kaito` what the program put on it before. */
export function planGpuSupport(
  name: string,
  decisions: GpuSupportDecisions,
  images: GpuSupportImages,
  cluster?: Environment,
  kaito?: DeclaredKaito,
): GpuSupportPlan {
  const { devicePlugin = true, kaitoNodes = false, metrics = true, migStrategy = "none", pools = [] } = decisions;
  const environment = decisions.environment ?? cluster ?? DEFAULT_ENVIRONMENT;
  refuse(`GpuSupport "${name}"`, [
    ...(devicePlugin ? imageProblems("devicePluginImage", images.devicePluginImage, environment) : []),
    ...(metrics ? imageProblems("metricsExporterImage", images.metricsExporterImage, environment) : []),
    ...choiceProblems("AKSFT-GPU-02", "migStrategy", migStrategy, MIG_STRATEGIES),
    ...(devicePlugin || metrics ? [] : [nothing()]),
    ...devicePluginProblems("GpuSupport", kaito, { devicePlugin, kaitoNodes }),
  ]);
  const all = pools.flatMap(({ tolerations }) => tolerations);
  const distinct = new Map(all.map((toleration) => [JSON.stringify(toleration), toleration]));
  return { environment, devicePlugin, kaitoNodes, metrics, migStrategy, tolerations: [...distinct.values()] };
}

/** A tag can move under a privileged pod of every GPU node (CKV_K8S_43). Values that are not known yet are checked when they are. */
export function imageProblems(path: string, image: unknown, environment: Environment): Problem[] {
  if (typeof image !== "string" || environment !== "production" || BY_DIGEST.test(image)) return [];
  const fix = 'run aks-fine-tuning pin, which writes it by digest, or use environment "development"';
  return [{ code: "AKSFT-GPU-01", path, got: image, rule: "a tag can move, and production takes images by digest alone", fix }];
}

function nothing(): Problem {
  return { code: "AKSFT-GPU-03", path: "metrics", got: false, rule: "with devicePlugin false too there is nothing to run", fix: "remove the component" };
}
