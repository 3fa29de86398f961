import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { NO_GPUS, NOBODY, SMALL_CONTAINERS, type Traffic } from "../plan/manifests/kaito-namespaces";
import { podSecurityLabels, type PodSecurity } from "../plan/manifests/pod-security";

/** A controller's namespace, decided. */
export interface ControllerNamespace {
  /** Name in Kubernetes. */
  readonly namespace: string;
  readonly podSecurity: PodSecurity;
  readonly kubernetesVersion: string;
  /** What its pods may talk to. */
  readonly traffic: Traffic;
  /** Whether containers that name no figures get small ones; those of a chart's daemons name none and are not small. */
  readonly smallContainers: boolean;
}

/** A namespace of a controller's own with what guards it. What runs in it waits for all of that. */
export function controllerNamespace(name: string, made: ControllerNamespace, child: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const { namespace, podSecurity, kubernetesVersion } = made;
  const labels = podSecurityLabels(podSecurity, kubernetesVersion);
  const own = new core.Namespace(`${name}-namespace`, { metadata: { name: namespace, labels } }, child);
  const inside = { ...child, dependsOn: [own] };
  const named = (objectName: string) => ({ name: objectName, namespace });
  return [
    own,
    new networking.NetworkPolicy(`${name}-default-deny`, { metadata: named("default-deny"), spec: NOBODY }, inside),
    new networking.NetworkPolicy(`${name}-traffic`, { metadata: named("controller"), spec: made.traffic }, inside),
    new core.ResourceQuota(`${name}-quota`, { metadata: named("controller"), spec: NO_GPUS }, inside),
    ...(made.smallContainers ? [new core.LimitRange(`${name}-limits`, { metadata: named("controller"), spec: SMALL_CONTAINERS }, inside)] : []),
  ];
}
