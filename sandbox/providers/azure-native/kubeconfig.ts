import { stringify } from "yaml";
import type { JsonObject } from "../values";
import { textAt } from "./json";
import type { Seam } from "./seam";
import type { ResourceRecord } from "./state";

// Public ids of the AKS server application and of kubelogin's client (azure.github.io/kubelogin/concepts/aks.html).
const SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630";
const CLIENT_APPLICATION = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";

/**
 * The kubeconfig that Azure gives for a cluster with Entra ID: no credential in it, kubelogin gets one when it is used.
 * The server is the sandbox's API server, where the cluster's own name would not resolve.
 */
export function userKubeconfig(cluster: ResourceRecord, tenantId: string, seam: Seam | undefined): string {
  const server = seam?.apiServer ?? `https://${textAt(cluster.outputs, "fqdn") ?? cluster.name}:443`;
  const user = `clusterUser_${cluster.name}`;
  return kubeconfig(cluster.name, server, seam?.caCertificate, user, {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "kubelogin",
      args: [
        ...["get-token", "--environment", "AzurePublicCloud", "--server-id", SERVER_APPLICATION],
        ...["--client-id", CLIENT_APPLICATION, "--tenant-id", tenantId, "--login", "devicecode"],
      ],
      provideClusterInfo: false,
      env: null,
    },
  });
}

function kubeconfig(
  cluster: string,
  server: string,
  ca: string | undefined,
  user: string,
  credential: JsonObject,
): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    clusters: [
      { name: cluster, cluster: { server, ...(ca === undefined ? {} : { "certificate-authority-data": ca }) } },
    ],
    users: [{ name: user, user: credential }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    "current-context": cluster,
  });
}
