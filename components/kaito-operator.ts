import type { Release, ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "./checked";
import type { ClusterRef } from "./cluster";
import type { KaitoRef } from "./kaito";
import { chartArguments, installed } from "./kaito-operator/charts";
import { declareKaito, gpuSupportOn, kaitoOn } from "./kaito-operator/declared";
import { gpuProvisioner } from "./kaito-operator/gpu-provisioner";
import { controllerNamespace } from "./kaito-operator/namespace";
import { type Override, withOverride } from "./override";
import { KAITO_CHART } from "./plan/catalogue/kaito-charts";
import type { KaitoNodeProvisioner } from "./plan/catalogue/kaito-versions";
import { defaultKaitoImage, type KaitoChartPlan, type KaitoOperatorPlan, planKaitoOperator } from "./plan/kaito/operator";
import type { KaitoOperatorDecisions } from "./plan/kaito/operator/decisions";
import { karpenterNote } from "./plan/kaito/operator/notes";
import { controllerImageProblems } from "./plan/kaito/operator/sources";
import { kaitoImage, kaitoValues } from "./plan/manifests/kaito-charts";
import { KAITO_TRAFFIC } from "./plan/manifests/kaito-namespaces";
import { tellOnce } from "./told-once";

/** Arguments of a KaitoOperator. */
export interface KaitoOperatorArgs extends KaitoOperatorDecisions {
  /** Cluster that KAITO works in. */
  readonly cluster: ClusterRef;
  /** KAITO's controller, by digest. @default - the version's, by tag, which production refuses */
  readonly image?: pulumi.Input<string>;
  /** Controller of "azure-gpu-provisioner", by digest. @default - the one that belongs to the version, by tag, which production refuses */
  readonly provisionerImage?: pulumi.Input<string>;
  /**
   * Id of an existing role for the provisioner's identity on the cluster, where the deployer may not define one.
   * @default - a custom role that may read, make and remove agent pools alone
   */
  readonly provisionerRoleId?: pulumi.Input<string>;
  /** Last word on KAITO's chart, after every default. */
  readonly override?: Override<ReleaseArgs>;
}

/**
 * KAITO, which runs tuning and serving from Workspaces: by its Helm chart, or as the add-on that AKS runs.
 *
 * As the add-on it creates nothing and checks that the cluster has it. By chart it creates a namespace that lets through what a controller needs, the
 * chart, and for "azure-gpu-provisioner" that controller's own namespace, identity, role on the one cluster, credential and chart. Objects of KAITO's
 * depend on it, so that a destroy removes them, then KAITO, then what makes its nodes. What Karpenter needs comes with node auto-provisioning, and its
 * node classes from KAITO as it starts. Policies that deny pods (Azure Policy) must exempt the
 * namespace `kaito-workspace`, unless `localDisks` is false and the device plugin is `GpuSupport`'s. Do not stop and start a cluster with KAITO: its
 * provisioner may take a live node for a lost one (kaito-project/kaito#2075).
 *
 * Idle it costs nothing beside the nodes that it runs on; busy, the GPU nodes of its Workspaces, each a whole node, until they are deleted.
 *
 * @example
 * const kaito = new KaitoOperator("kaito", { cluster, image: config.require("kaitoImage") });
 *
 * @example
 * const kaito = new KaitoOperator("kaito", { cluster, channel: "add-on" });
 */
export class KaitoOperator extends pulumi.ComponentResource implements KaitoRef {
  readonly version: string;
  readonly nodeProvisioner: KaitoNodeProvisioner;
  /** The chart as it is installed; absent where AKS runs the add-on. */
  readonly chart: Release | undefined;

  constructor(name: string, args: KaitoOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster } = args;
    const plan = planKaitoOperator(name, args, args, { cluster, gpuSupport: gpuSupportOn(cluster), taken: kaitoOn(cluster) !== undefined });
    const { channel, version, nodeProvisioner, devicePlugin } = plan;
    super("aks-fine-tuning:index:KaitoOperator", name, { channel, version, nodeProvisioner, devicePlugin }, opts);
    declareKaito(cluster, plan);
    tellOnce(karpenterNote(nodeProvisioner), this);

    this.version = version;
    this.nodeProvisioner = nodeProvisioner;
    this.chart = plan.chart && kaitoChart(this, name, plan, plan.chart, args);
    this.registerOutputs({ version, nodeProvisioner });
  }
}

/** After what makes the nodes, so that no Workspace waits for a provisioner that is not there, and before it on the way out. */
function kaitoChart(parent: pulumi.Resource, name: string, plan: KaitoOperatorPlan, chart: KaitoChartPlan, args: KaitoOperatorArgs): Release {
  const { cluster } = args;
  const { kubernetesVersion, provider } = cluster;
  const child = { parent, provider };
  const provisioner = plan.nodeProvisioner === "azure-gpu-provisioner" ? [gpuProvisioner(parent, name, plan, chart, args)] : [];
  const place = { namespace: KAITO_CHART.release, podSecurity: chart.podSecurity, kubernetesVersion, traffic: KAITO_TRAFFIC, smallContainers: false };
  const guards = controllerNamespace(name, place, child);
  const image = checked("KaitoOperator", args.image ?? defaultKaitoImage(plan.version), (known) => controllerImageProblems("image", known, plan.environment));
  const values = kaitoValues(plan, chart, pulumi.output(image).apply(kaitoImage), cluster.clusterName);
  const release = chartArguments(KAITO_CHART, { version: chart.version, mirror: chart.chartRepository, values });
  return installed(name, withOverride(args.override, release), { ...child, dependsOn: [...guards, ...provisioner] });
}
