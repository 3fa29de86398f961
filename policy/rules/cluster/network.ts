import type { Rule } from "../../rule";
import { settingRule } from "../settings";
import { psrule } from "../sources";
import { CLUSTER } from "./kinds";

export const CLUSTER_NETWORK_RULES: readonly Rule[] = [
  // PSRule's page knows azure and calico alone; KAITO with node auto-provisioning, and names in egress rules, need Cilium.
  settingRule(CLUSTER, "networkProfile.networkPolicy", ["azure", "calico", "cilium"], {
    ...{ name: "cluster-network-policy", severity: "high", ids: ["Azure.AKS.NetworkPolicy", "CKV_AZURE_7"] },
    description: "A cluster enforces network policies; without an engine they are accepted and do nothing",
    remediation: 'set networkProfile.networkPolicy and networkDataplane to "cilium", as Cluster always does',
    url: "https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium",
  }),
  settingRule(CLUSTER, "networkProfile.networkPlugin", ["azure", "none"], {
    ...{ name: "cluster-azure-cni", severity: "medium", ids: ["Azure.AKS.AzureCNI", "CKV2_AZURE_29"] },
    description: "A cluster's network is Azure CNI: kubenet retires in March 2028",
    remediation: 'set networkProfile.networkPlugin to "azure" and networkPluginMode to "overlay", as Cluster always does',
    url: psrule("AKS.AzureCNI"),
  }),
  settingRule(CLUSTER, "networkProfile.loadBalancerSku", ["standard", undefined], {
    ...{ name: "cluster-standard-load-balancer", severity: "high", ids: ["Azure.AKS.StandardLB"] },
    description: "A cluster's load balancer is Standard: Azure retired Basic on 2025-09-30",
    remediation: 'set networkProfile.loadBalancerSku to "standard", as Cluster always does',
    url: psrule("AKS.StandardLB"),
  }),
];
