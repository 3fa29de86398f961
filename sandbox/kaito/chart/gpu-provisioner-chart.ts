import { field } from "../../providers/kubernetes/objects";
import type { Properties } from "../../providers/values";
import { NODE_CLAIM_DEFINITION } from "../definitions/node-claim";
import { controllerDeployment, imageOf, mapOver, type ReleaseFacts, type TaughtChart } from "./chart";

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

function serviceAccount({ namespace, values }: ReleaseFacts): Properties {
  const clientId = field(values, "workloadIdentity", "clientId");
  const annotations = clientId === undefined ? {} : { "azure.workload.identity/client-id": clientId };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "gpu-provisioner", namespace, annotations } };
}

/** https://github.com/Azure/gpu-provisioner/blob/main/charts/gpu-provisioner/templates/deployment.yaml: what secures its containers is in the values alone. */
function deployment(release: ReleaseFacts): Properties {
  const { values } = release;
  const image = mapOver({ repository: "mcr.microsoft.com/aks/kaito/gpu-provisioner", tag: release.version }, values, "controller", "image");
  return controllerDeployment(release, {
    chart: "gpu-provisioner",
    plays: "gpu-provisioner",
    image: imageOf(image),
    replicas: Number(field(values, "replicas") ?? 1),
    podSecurityContext: mapOver({ fsGroup: 1000 }, values, "podSecurityContext"),
    container: {
      name: "controller",
      env: field(values, "controller", "env") ?? [],
      securityContext: mapOver({}, values, "controller", "securityContext"),
      resources: mapOver({}, values, "controller", "resources"),
    },
    podLabels: { "azure.workload.identity/use": "true" },
    serviceAccountName: "gpu-provisioner",
  });
}
