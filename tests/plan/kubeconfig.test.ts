import { execKubeconfig } from "../../components/plan/kubeconfig";

const FROM_AZURE = `
apiVersion: v1
kind: Config
clusters:
- name: ai
  cluster: {server: "https://api.example:443", certificate-authority-data: Q0E=}
users:
- name: someone
  user: {exec: {command: kubelogin, args: [get-token, --environment, AzurePublicCloud]}, token: not-to-be-kept}
`;
const encoded = Buffer.from(FROM_AZURE).toString("base64");

describe("execKubeconfig", () => {
  it("keeps the address and the authority and asks kubelogin for tokens", async () => {
    expect(JSON.parse(await execKubeconfig(encoded, "azurecli"))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "aks",
      clusters: [{ name: "aks", cluster: { server: "https://api.example:443", "certificate-authority-data": "Q0E=" } }],
      contexts: [{ name: "aks", context: { cluster: "aks", user: "deployer" } }],
      users: [
        {
          name: "deployer",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "kubelogin",
              args: ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
              interactiveMode: "Never",
              provideClusterInfo: false,
            },
          },
        },
      ],
    });
  });

  it.each(["workloadidentity", "spn", "msi"] as const)("signs in by %s where asked to", async (login) => {
    expect(await execKubeconfig(encoded, login)).toContain(`"--login","${login}"`);
  });

  it("carries no credential of the answer along", async () => {
    expect(await execKubeconfig(encoded, "azurecli")).not.toContain("not-to-be-kept");
  });
});
