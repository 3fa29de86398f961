import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import type { CheckpointsShareRef } from "./team/checkpoints-account";
import { checkpointsShare } from "./team/checkpoints-share";
import type { ClusterRef } from "./cluster";
import { egressNamesPolicy } from "./plan/manifests/egress-names";
import { type PodSecurity, podSecurityLabels } from "./plan/manifests/pod-security";
import { teamNetworkPolicies } from "./plan/manifests/team-policies";
import { limitRange, quotaSpec } from "./plan/manifests/team-quota";
import { CHECKPOINTS, planTeam, SERVING_ACCOUNT, type TeamDecisions, type TeamPlan, TUNING_ACCOUNT } from "./plan/team";
import { grantPush, type PushIdentityRef } from "./team/push-identity";
import type { RegistryRef } from "./registry";

/** Where a team's workloads live. An existing namespace is an object literal. */
export interface TeamRef {
  /** Plain: object names and adapter repositories contain it. */
  readonly namespace: string;
  /** Service account of tuning pods. */
  readonly tuningServiceAccount: pulumi.Input<string>;
  /** Service account of serving pods. */
  readonly servingServiceAccount: pulumi.Input<string>;
  /** Claim on the volume for checkpoints and weights. */
  readonly checkpointsClaim: pulumi.Input<string>;
  /** Registry that adapters are pushed to. */
  readonly adapters: RegistryRef;
  /** Cluster of the namespace. */
  readonly cluster: ClusterRef;
  /** What the namespace asks of its pods. Plain: pods that ask for more are refused before they are made. @default - not known */
  readonly podSecurity?: PodSecurity;
}

/** What a workload waits for: the whole of a team made here, so that no pod runs before its policies; nothing of an existing one. */
export function guardsOf(team: TeamRef): pulumi.Resource[] {
  return pulumi.Resource.isInstance(team) ? [team] : [];
}

/** Arguments of a Team. */
export interface TeamArgs extends TeamDecisions {
  /** Cluster that the namespace is made in. */
  readonly cluster: ClusterRef;
  /** Registry that the team's runs push adapters to, under the team's name alone. */
  readonly adapters: RegistryRef;
  /** An existing identity that pushes. It gets the role and the credentials, of which it may have 20. @default - one is made */
  readonly pushIdentity?: PushIdentityRef;
  /** An existing NFS share that the nodes reach, for checkpoints and weights. @default - one is made */
  readonly checkpointsShare?: CheckpointsShareRef;
}

/**
 * A team's place in the cluster: a namespace that admits only restricted pods unless told otherwise, with default-deny networking, quotas, an identity that may push
 * adapters, and one NFS share for checkpoints and weights.
 *
 * Creates the namespace with its quota, limits and network policies, service accounts, the identity with its role and federated credentials, and
 * a storage account with the share, behind a private endpoint where the cluster's network has a place for one. In production the share is
 * protected, and stays in Azure when the team goes. Idle and busy it costs the share, about 0.022 USD per hour for 100 GiB, and about 0.01 more
 * for the private endpoint.
 *
 * @example
 * const team = new Team("support", { cluster, adapters });
 *
 * @example
 * // For KAITO, whose containers run as root and name no limits.
 * new Team("support-kaito", { cluster, adapters, podSecurity: "baseline", containers: { memoryGiB: 220, localDiskGiB: 300 } });
 */
export class Team extends pulumi.ComponentResource implements TeamRef {
  readonly namespace: string;
  readonly tuningServiceAccount: pulumi.Output<string>;
  readonly servingServiceAccount: pulumi.Output<string>;
  readonly checkpointsClaim: pulumi.Output<string>;
  readonly adapters: RegistryRef;
  readonly cluster: ClusterRef;
  readonly podSecurity: PodSecurity;
  /** The identity that pushes. */
  readonly pushIdentity: PushIdentityRef;

  constructor(name: string, args: TeamArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planTeam(name, pulumi.getProject(), pulumi.getStack(), args);
    super("aks-fine-tuning:index:Team", name, { ...plan }, opts);
    const { cluster, adapters, tags } = args;
    const child = { parent: this, provider: cluster.provider };

    const labels = { ...args.labels, ...podSecurityLabels(plan.podSecurity, cluster.kubernetesVersion) };
    const namespace = new core.Namespace(name, { metadata: { name: plan.namespace, labels } }, child);
    const inside = { ...child, dependsOn: [namespace] };
    guardRails(name, plan, adapters, inside);
    this.pushIdentity = grantPush(this, name, plan, { cluster, adapters, identity: args.pushIdentity, tags });
    const tuning = pushAccounts(name, plan, this.pushIdentity, inside);
    const serving = new core.ServiceAccount(
      `${name}-serving`,
      { metadata: { name: SERVING_ACCOUNT, namespace: plan.namespace }, automountServiceAccountToken: false },
      inside,
    );
    const claim = checkpointsShare(name, plan, { cluster, share: args.checkpointsShare, tags, parent: this, inside });

    this.namespace = plan.namespace;
    this.tuningServiceAccount = tuning;
    this.servingServiceAccount = serving.metadata.name;
    this.checkpointsClaim = claim.metadata.name;
    this.adapters = adapters;
    this.cluster = cluster;
    this.podSecurity = plan.podSecurity;
    this.registerOutputs({ namespace: this.namespace, checkpointsClaim: CHECKPOINTS });
  }
}

/** Quota, figures of containers and network policies. */
function guardRails(name: string, plan: TeamPlan, adapters: RegistryRef, inside: pulumi.CustomResourceOptions): void {
  const { namespace, quota, network } = plan;
  const named = (objectName: string) => ({ name: objectName, namespace });
  new core.ResourceQuota(`${name}-quota`, { metadata: named("team"), spec: quotaSpec(quota) }, inside);
  new core.LimitRange(`${name}-limits`, { metadata: named("team"), spec: limitRange(quota) }, inside);
  for (const [part, spec] of Object.entries(teamNetworkPolicies(network))) {
    new networking.NetworkPolicy(`${name}-${part}`, { metadata: named(part), spec }, inside);
  }
  if (network.egressNames.length === 0) return;
  const spec = egressNamesPolicy(network.egressNames, adapters.loginServer);
  const names = { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: named("egress-names"), spec };
  new CustomResource(`${name}-egress-names`, names, inside);
}

/** The accounts that may push; the name of the runs' own. */
function pushAccounts(name: string, plan: TeamPlan, identity: PushIdentityRef, inside: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const annotations = { "azure.workload.identity/client-id": identity.clientId };
  const accounts = plan.pushers.map(
    (account) =>
      new core.ServiceAccount(
        `${name}-${account}`,
        { metadata: { name: account, namespace: plan.namespace, annotations }, automountServiceAccountToken: false },
        inside,
      ),
  );
  return accounts[0]?.metadata.name ?? pulumi.output(TUNING_ACCOUNT);
}
