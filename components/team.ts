import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { checkpointsShare } from "./checkpoints-share";
import type { ClusterRef } from "./cluster";
import { restrictedLabels } from "./plan/manifests/pod-security";
import { DEFAULT_DENY, EGRESS, LIMIT_RANGE, quotaSpec } from "./plan/manifests/team-policies";
import { CHECKPOINTS, planTeam, SERVING_ACCOUNT, type TeamDecisions, type TeamPlan, TUNING_ACCOUNT } from "./plan/team";
import { grantPush } from "./push-identity";
import type { RegistryRef } from "./registry";

/** Where a team's workloads live. An existing namespace is an object literal. */
export interface TeamRef {
  /** Plain: object names and adapter repositories contain it. */
  readonly namespace: string;
  readonly tuningServiceAccount: pulumi.Input<string>;
  readonly servingServiceAccount: pulumi.Input<string>;
  /** Claim on the volume for checkpoints. */
  readonly checkpointsClaim: pulumi.Input<string>;
  readonly adapters: RegistryRef;
  readonly cluster: ClusterRef;
}

/** What a workload waits for: the whole of a team made here, so that no pod runs before its policies; nothing of an existing one. */
export function guardsOf(team: TeamRef): pulumi.Resource[] {
  return pulumi.Resource.isInstance(team) ? [team] : [];
}

export interface TeamArgs extends TeamDecisions {
  readonly cluster: ClusterRef;
  /** Registry that the team's runs push adapters to, under the team's name alone. */
  readonly adapters: RegistryRef;
  /** Guard the share of checkpoints against deletion. @default false */
  readonly protect?: boolean;
}

/**
 * A team's place in the cluster: a namespace that admits only restricted pods, with default-deny networking, a GPU quota, an identity that
 * may push adapters, and an NFS share for checkpoints.
 *
 * Idle it costs the share, about 0.022 USD per hour for 100 GiB.
 *
 * @example
 * const team = new Team("support", { cluster, adapters });
 */
export class Team extends pulumi.ComponentResource implements TeamRef {
  readonly namespace: string;
  readonly tuningServiceAccount: pulumi.Output<string>;
  readonly servingServiceAccount: pulumi.Output<string>;
  readonly checkpointsClaim: pulumi.Output<string>;
  readonly adapters: RegistryRef;
  readonly cluster: ClusterRef;

  constructor(name: string, args: TeamArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planTeam(name, pulumi.getProject(), pulumi.getStack(), args);
    super("aks-fine-tuning:index:Team", name, { ...plan }, opts);
    const { cluster, adapters } = args;
    const child = { parent: this, provider: cluster.provider };

    const labels = restrictedLabels(cluster.kubernetesVersion);
    const namespace = new core.Namespace(name, { metadata: { name: plan.namespace, labels } }, child);
    const inside = { ...child, dependsOn: [namespace] };
    guardRails(name, plan, inside);
    const identity = grantPush(this, name, { cluster, adapters, namespace: plan.namespace });
    const tuning = tuningAccount(name, plan, identity, inside);
    const serving = new core.ServiceAccount(
      `${name}-serving`,
      { metadata: { name: SERVING_ACCOUNT, namespace: plan.namespace }, automountServiceAccountToken: false },
      inside,
    );
    const claim = checkpointsShare(name, plan, { cluster, protect: args.protect ?? false, inside });

    this.namespace = plan.namespace;
    this.tuningServiceAccount = tuning.metadata.name;
    this.servingServiceAccount = serving.metadata.name;
    this.checkpointsClaim = claim.metadata.name;
    this.adapters = adapters;
    this.cluster = cluster;
    this.registerOutputs({ namespace: this.namespace, checkpointsClaim: CHECKPOINTS });
  }
}

/** Quota, defaults and network policies. */
function guardRails(name: string, { namespace, maxGpus }: TeamPlan, inside: pulumi.CustomResourceOptions): void {
  const named = (objectName: string) => ({ name: objectName, namespace });
  new core.ResourceQuota(`${name}-quota`, { metadata: named("team"), spec: quotaSpec(maxGpus) }, inside);
  new core.LimitRange(`${name}-limits`, { metadata: named("team"), spec: LIMIT_RANGE }, inside);
  new networking.NetworkPolicy(`${name}-default-deny`, { metadata: named("default-deny"), spec: DEFAULT_DENY }, inside);
  new networking.NetworkPolicy(`${name}-egress`, { metadata: named("egress"), spec: EGRESS }, inside);
}

function tuningAccount(
  name: string,
  plan: TeamPlan,
  identity: managedidentity.UserAssignedIdentity,
  inside: pulumi.CustomResourceOptions,
): core.ServiceAccount {
  const annotations = { "azure.workload.identity/client-id": identity.clientId };
  return new core.ServiceAccount(
    `${name}-tuning`,
    { metadata: { name: TUNING_ACCOUNT, namespace: plan.namespace, annotations }, automountServiceAccountToken: false },
    inside,
  );
}
