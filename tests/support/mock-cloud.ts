import type * as pulumi from "@pulumi/pulumi";

/** Id of a registry that a program made, whose parts what is made in it reads. */
export const registryId = (name: string): string => `/subscriptions/subscription/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/${name}`;

/** Kubernetes ids are namespace/name, as the real provider makes them; Azure ones say what they are the id of. */
export function idOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): string {
  if (type === "azure-native:resources:Resource" && inputs["resourceType"] === "registries") return registryId(name);
  if (!type.startsWith("kubernetes:")) return `${type.split(":").at(-1) ?? ""}/${name}`;
  const metadata: { namespace?: string; name?: string } = inputs["metadata"] ?? {};
  return [metadata.namespace, metadata.name ?? name].filter(Boolean).join("/");
}

/** The name in Azure, which differs from the logical one where the program chooses it. */
export function nameOf({ name, inputs }: pulumi.runtime.MockResourceArgs): string {
  const keys = ["shareName", "resourceName", "accountName", "agentPoolName", "privateZoneName"];
  const chosen: unknown = keys.map((key): unknown => inputs[key]).find((value) => value !== undefined);
  return typeof chosen === "string" ? chosen : name;
}

/** What Azure, Kubernetes and Docker fill in and the components read. */
export function outputsOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "azure-native:containerservice:ManagedCluster":
      return {
        oidcIssuerProfile: { enabled: true, issuerURL: "https://issuer.example/" },
        identityProfile: { kubeletidentity: { objectId: "kubelet-object-id" } },
        location: "eastus",
        nodeResourceGroup: `${name}-nodes`,
      };
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { clientId: `${name}-client-id`, principalId: `${name}-principal-id` };
    case "azure-native:resources:Resource":
      return inputs["identity"] ? { identity: { ...inputs["identity"], principalId: `${name}-principal-id` } } : {};
    case "azure-native:containerregistry:Token":
      return { creationDate: "2026-11-26T11:00:00Z" };
    case "pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword":
      return { username: name, password: "minted", expiresAt: "2026-11-28T11:00:00.000Z" };
    case "azure-native:network:PublicIPAddress":
      return { ipAddress: "203.0.113.10" };
    case "docker:index/image:Image":
      return { repoDigest: `${String(inputs["imageName"]).replace(/:[^:/]*$/, "")}@sha256:${"d".repeat(64)}` };
    case "kubernetes:core/v1:Service":
      return { spec: { ...inputs["spec"], clusterIP: "10.96.0.77" } };
    default:
      return {};
  }
}

const KUBECONFIG = `clusters:\n- cluster: {server: "https://api.example", certificate-authority-data: Q0E=}\n  name: ai\n`;

/** Answers of Azure's lookups. */
export function answer({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
  switch (token) {
    case "azure-native:authorization:getClientConfig":
      return { subscriptionId: "subscription", objectId: "deployer", tenantId: "tenant", clientId: "client" };
    case "azure-native:authorization:getClientToken":
      return { token: "login" };
    case "azure-native:containerregistry:getRegistry":
      return { loginServer: `${String(inputs["registryName"])}.azurecr.io` };
    case "azure-native:containerservice:listManagedClusterUserCredentials":
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(KUBECONFIG).toString("base64") }] };
    default:
      throw new Error(`unexpected lookup: ${token}`);
  }
}
