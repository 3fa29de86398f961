import { readFileSync } from "node:fs";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { Registry, RegistrySecret, type TeamRef } from "../../../../components";

const config = new pulumi.Config();
const { name: resourceGroupName } = new ResourceGroup("ai", { resourceGroupName: "ai", location: "eastus" });
const adapters = new Registry("adapters", { resourceGroupName, environment: "development" });
const team: TeamRef = {
  namespace: "support",
  tuningServiceAccount: "tuning",
  servingServiceAccount: "serving",
  checkpointsClaim: "checkpoints",
  adapters,
  cluster: {
    id: "cluster-id",
    clusterName: "ai",
    resourceGroupName: "ai",
    nodeSubnetId: "subnet-id",
    oidcIssuerUrl: "https://issuer.example/",
    kubeletObjectId: "kubelet-object-id",
    kubernetesVersion: "1.36",
    provider: new Provider("cluster", { kubeconfig: readFileSync(process.env["KUBECONFIG"] ?? "", "utf8"), enableSecretMutable: true }),
  },
};

export const { secretName, expiresAt } = new RegistrySecret("tickets-push", {
  team,
  registry: adapters,
  repository: "support/tickets",
  access: "push",
  validHours: config.requireNumber("validHours"),
  mintedFor: config.require("run"),
  renew: config.requireBoolean("renew"),
});
