import { KAITO_NODE_PROVISIONERS, type KaitoNodeProvisioner, kaitoFacts } from "../../catalogue/kaito-versions";
import { DEFAULT_ENVIRONMENT } from "../../environment";
import type { Problem } from "../../refuse";
import { choiceProblems } from "../../spelling";
import { versionOf } from "./channel";
import { KAITO_DEVICE_PLUGINS, type KaitoDevicePlugin, type KaitoOperatorDecisions, type KaitoOperatorInputs, type KaitoSurroundings } from "./decisions";

export function provisionerOf({ channel, nodeProvisioner }: KaitoOperatorDecisions, cluster: KaitoSurroundings): KaitoNodeProvisioner {
  const byKarpenter = channel !== "add-on" && cluster.nodeProvisioning === "node-auto-provisioning";
  return nodeProvisioner ?? (byKarpenter ? "karpenter" : "azure-gpu-provisioner");
}

export function devicePluginOf({ channel, devicePlugin }: KaitoOperatorDecisions): KaitoDevicePlugin {
  return devicePlugin ?? (channel === "add-on" ? "kaito" : "gpu-support");
}

export function provisionerProblems(decisions: KaitoOperatorDecisions, inputs: KaitoOperatorInputs, cluster: KaitoSurroundings): Problem[] {
  const provisioner = provisionerOf(decisions, cluster);
  const choice = choiceProblems("AKSFT-KAITO-62", "nodeProvisioner", provisioner, KAITO_NODE_PROVISIONERS);
  if (choice.length > 0) return choice;
  return [
    ...lackingProblems(decisions, provisioner),
    ...(decisions.channel === "add-on" ? [] : [...clusterProblems(provisioner, cluster), ...uselessProblems(decisions, inputs, provisioner)]),
    ...ownershipProblems(decisions),
  ];
}

function lackingProblems(decisions: KaitoOperatorDecisions, provisioner: KaitoNodeProvisioner): Problem[] {
  const version = versionOf(decisions);
  const has = decisions.channel === "add-on" ? (["azure-gpu-provisioner"] as const) : kaitoFacts(version)?.nodeProvisioners;
  if (!has || has.some((each) => each === provisioner)) return [];
  const what = decisions.channel === "add-on" ? "the add-on" : `version ${version}`;
  const fix = `use ${has.map((each) => `"${each}"`).join(" or ")}${decisions.channel === "add-on" ? ', or channel "chart"' : ""}`;
  return [{ code: "AKSFT-KAITO-62", path: "nodeProvisioner", got: provisioner, rule: `${what} does not have it`, fix }];
}

/**
 * Karpenter is AKS's where the cluster has node auto-provisioning, and then it alone answers NodeClaims. The GPU provisioner works through the
 * cluster's pools and has to know where they are.
 */
function clusterProblems(provisioner: KaitoNodeProvisioner, { nodeProvisioning = "autoscaler", location, nodeResourceGroup }: KaitoSurroundings): Problem[] {
  const problem = { code: "AKSFT-KAITO-64", path: "nodeProvisioner", got: provisioner } as const;
  if (provisioner === "karpenter" && nodeProvisioning === "autoscaler") {
    const rule = 'needs Karpenter, and the cluster\'s nodeProvisioning is "autoscaler"';
    return [{ ...problem, rule, fix: 'use "azure-gpu-provisioner" or "byo", or nodeProvisioning "node-auto-provisioning" of the Cluster' }];
  }
  if (provisioner !== "azure-gpu-provisioner") return [];
  if (nodeProvisioning === "node-auto-provisioning") {
    const rule = "the cluster has node auto-provisioning, whose Karpenter is the one that answers NodeClaims";
    return [{ ...problem, rule, fix: 'use "karpenter", or nodeProvisioning "autoscaler" of the Cluster' }];
  }
  const unknown = Object.entries({ location, nodeResourceGroup }).filter(([, value]) => value === undefined);
  return unknown.map(([name]) => ({
    code: "AKSFT-KAITO-74",
    path: `cluster.${name}`,
    got: undefined,
    rule: "the GPU provisioner is told where the cluster's nodes are",
    fix: "give it in the reference to the existing cluster, as az aks show prints it",
  }));
}

/** An argument that nothing reads hides a misunderstanding. */
function uselessProblems(decisions: KaitoOperatorDecisions, inputs: KaitoOperatorInputs, provisioner: KaitoNodeProvisioner): Problem[] {
  const useless = (path: string, given: unknown, needed: KaitoNodeProvisioner): Problem[] => {
    if (given === undefined || provisioner === needed) return [];
    const rule = `is for nodeProvisioner "${needed}", which is "${provisioner}"`;
    return [{ code: "AKSFT-KAITO-78", path, got: "a setting", rule, fix: `remove it, or use nodeProvisioner "${needed}"` }];
  };
  return [
    ...useless("provisionerImage", inputs.provisionerImage, "azure-gpu-provisioner"),
    ...useless("provisionerRoleId", inputs.provisionerRoleId, "azure-gpu-provisioner"),
    ...useless("tags", decisions.tags, "azure-gpu-provisioner"),
    ...useless("featureDiscovery", decisions.featureDiscovery, "byo"),
  ];
}

/** The switch came with 0.8, and the add-on passes none on: https://github.com/kaito-project/kaito/pull/1739 */
function ownershipProblems(decisions: KaitoOperatorDecisions): Problem[] {
  const devicePlugin = devicePluginOf(decisions);
  const choice = choiceProblems("AKSFT-KAITO-73", "devicePlugin", devicePlugin, KAITO_DEVICE_PLUGINS);
  if (choice.length > 0 || decisions.channel !== "add-on" || devicePlugin === "kaito") return choice;
  const rule = "the add-on brings its own device plugin and cannot be told not to";
  return [{ code: "AKSFT-KAITO-73", path: "devicePlugin", got: devicePlugin, rule, fix: 'use "kaito", and devicePlugin: false of GpuSupport' }];
}

export function environmentOf(decisions: KaitoOperatorDecisions, cluster: KaitoSurroundings) {
  return decisions.environment ?? cluster.environment ?? DEFAULT_ENVIRONMENT;
}
