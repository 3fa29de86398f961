/** Application id of the AKS server in Entra, the same in every tenant: https://learn.microsoft.com/azure/aks/kubelogin-authentication */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** How kubelogin signs in; `azurecli` on a desk, `workloadidentity` in a pipeline. */
export type Login = "azurecli" | "workloadidentity" | "spn" | "msi";

interface Credentials {
  readonly clusters?: readonly {
    readonly cluster?: { readonly server?: string; readonly "certificate-authority-data"?: string };
  }[];
}

/**
 * A kubeconfig that asks kubelogin for a token at each use, so that no credential is in state: the address and the authority of
 * what Azure returned, with our own exec entry. JSON, which is YAML. The parser is loaded here: no preview of a new stack comes this far.
 */
export async function execKubeconfig(userCredentials: string, login: Login): Promise<string> {
  const { parse } = await import("yaml");
  const parsed = parse(Buffer.from(userCredentials, "base64").toString("utf8")) as Credentials | null;
  const cluster = parsed?.clusters?.[0]?.cluster;
  const args = ["get-token", "--login", login, "--server-id", AKS_SERVER_ID];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "aks",
    clusters: [{ name: "aks", cluster }],
    contexts: [{ name: "aks", context: { cluster: "aks", user: "deployer" } }],
    users: [
      {
        name: "deployer",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "kubelogin",
            args,
            interactiveMode: "Never",
            provideClusterInfo: false,
          },
        },
      },
    ],
  });
}
