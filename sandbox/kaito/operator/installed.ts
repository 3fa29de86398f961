import { PLAYS } from "../marks";
import { PLAYED_FACTS, type PlayedVersion, type Provisioner } from "../versions";
import type { Metadata } from "./objects";

/** A controller as it stands in the cluster. */
export interface ControllerDeployment {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] } };
  };
}

/** What of KAITO runs in the cluster. */
export interface Installed {
  readonly version: PlayedVersion;
  readonly provisioner: Provisioner;
  /** Where the templates of ConfigMaps are. */
  readonly namespace: string;
  readonly inferenceSets: boolean;
  /** Whether somebody makes nodes of NodeClaims: the chart `gpu-provisioner`, or the control plane of a cluster with the add-on. */
  readonly claimsAreServed: boolean;
}

/** A controller that was scaled to nothing, or is being deleted, does nothing. */
export function installed(deployments: readonly ControllerDeployment[]): Installed | undefined {
  const running = deployments.filter(({ metadata, spec }) => metadata.deletionTimestamp === undefined && spec.replicas !== 0);
  const [controller] = running.filter(({ metadata }) => metadata.labels?.[PLAYS] === "kaito-workspace");
  if (!controller) return undefined;
  const { namespace } = controller.metadata;
  const [container] = controller.spec.template.spec.containers;
  // The image may be named by its digest alone.
  const version = versionOf(controller.metadata.labels?.["app.kubernetes.io/version"] ?? "");
  const flag = (name: string) => container?.args?.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const gates = new Set(flag("feature-gates")?.split(","));
  return {
    version,
    provisioner: provisionerOf(flag("node-provisioner")),
    namespace,
    inferenceSets: PLAYED_FACTS[version].inferenceSets && !gates.has("enableInferenceSetController=false"),
    claimsAreServed: claimsAreServed(running, namespace),
  };
}

/** Nodes of claims, and their going, need nothing of KAITO's own controller. */
export function claimsAreServed(deployments: readonly ControllerDeployment[], namespace: string | undefined): boolean {
  return namespace === "kube-system" || deployments.some(({ metadata }) => metadata.labels?.[PLAYS] === "gpu-provisioner");
}

function versionOf(chart: string): PlayedVersion {
  if (chart.startsWith("0.6.")) return "0.6";
  return chart.startsWith("0.12.") ? "0.12" : "main";
}

function provisionerOf(named: string | undefined): Provisioner {
  return named === "karpenter" || named === "byo" ? named : "azure-gpu-provisioner";
}
