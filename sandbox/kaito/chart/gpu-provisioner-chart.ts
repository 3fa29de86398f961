import { field } from "../../providers/kubernetes/objects";
import type { Properties } from "../../providers/values";
import { NODE_CLAIM_DEFINITION } from "../definitions/node-claim";
import { ON_SIMULATED_NODES, PLAYS } from "../marks";
import { fullName, type ReleaseFacts, type TaughtChart } from "./chart";

/** https://github.com/Azure/gpu-provisioner/tree/gh-pages/charts: makes agent pools of one node from NodeClaims. */
export const GPU_PROVISIONER_CHART: TaughtChart = {
  name: "gpu-provisioner",
  repositories: ["https://azure.github.io/gpu-provisioner", "https://raw.githubusercontent.com/Azure/gpu-provisioner"],
  versions: { "0.4.2": "0.4.2" },
  render: (release) => ({
    crds: [JSON.parse(JSON.stringify(NODE_CLAIM_DEFINITION)) as Properties],
    templates: [serviceAccount(release), deployment(release)],
  }),
};

function serviceAccount({ namespace }: ReleaseFacts): Properties {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "gpu-provisioner", namespace } };
}

function deployment(release: ReleaseFacts): Properties {
  const labels = { "app.kubernetes.io/name": "gpu-provisioner", "app.kubernetes.io/instance": release.name };
  const image = `mcr.microsoft.com/aks/kaito/gpu-provisioner:${release.version}`;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: fullName("gpu-provisioner", release.name), namespace: release.namespace, labels: { ...labels, [PLAYS]: "gpu-provisioner" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, "azure.workload.identity/use": "true" } },
        spec: {
          serviceAccountName: "gpu-provisioner",
          securityContext: field(release.values, "podSecurityContext") ?? { fsGroup: 1000 },
          containers: [{ name: "controller", image, securityContext: field(release.values, "controller", "securityContext") ?? {} }],
          nodeSelector: { ...ON_SIMULATED_NODES.nodeSelector },
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }, ON_SIMULATED_NODES.toleration],
          priorityClassName: "system-cluster-critical",
        },
      },
    },
  };
}
