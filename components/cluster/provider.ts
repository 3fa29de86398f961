import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials";
import * as kubernetes from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import { execKubeconfig, type Login } from "../plan/kubeconfig";

/** Which cluster, for whoever wants to talk to it. */
export interface ClusterAddress {
  /** Resource id, to which the provider's objects are bound. */
  readonly id: pulumi.Input<string>;
  /** Name in Azure. */
  readonly clusterName: pulumi.Input<string>;
  /** Resource group of the cluster itself, not of its nodes. */
  readonly resourceGroupName: pulumi.Input<string>;
}

/**
 * A Kubernetes provider for an AKS cluster, with a kubeconfig that holds no credential: what a `ClusterRef` for an existing cluster needs beside
 * its ids. `login` is how kubelogin signs in.
 *
 * `clusterIdentifier` keeps a changed kubeconfig from replacing every object in the cluster, and `enableSecretMutable` lets a renewed password take
 * the place of the last one without a moment between them. A private cluster answers from inside its network only.
 *
 * @example
 * const cluster: ClusterRef = { ...ids, kubernetesVersion: "1.36", provider: clusterProvider("shared", ids, "workloadidentity") };
 */
export function clusterProvider(
  name: string,
  cluster: ClusterAddress,
  login: Login = "azurecli",
  opts: pulumi.CustomResourceOptions = {},
): kubernetes.Provider {
  const credentials = listManagedClusterUserCredentialsOutput(
    { resourceGroupName: cluster.resourceGroupName, resourceName: cluster.clusterName, format: "exec" },
    opts.parent ? { parent: opts.parent } : {},
  );
  const kubeconfig = credentials.kubeconfigs.apply(([first]) => execKubeconfig(first?.value ?? "", login));
  return new kubernetes.Provider(name, { kubeconfig, clusterIdentifier: cluster.id, enableSecretMutable: true }, opts);
}
