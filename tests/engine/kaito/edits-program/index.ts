import { readFileSync } from "node:fs";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { InferenceService, type KaitoInferenceServiceArgs, type TeamRef } from "../../../../components";

const team: TeamRef = {
  namespace: "support",
  tuningServiceAccount: "tuning",
  servingServiceAccount: "serving",
  checkpointsClaim: "checkpoints",
  adapters: { id: "registry-id", loginServer: "mlreg.azurecr.io" },
  podSecurity: "baseline",
  cluster: {
    id: "cluster-id",
    clusterName: "ai",
    resourceGroupName: "ai",
    nodeSubnetId: "subnet-id",
    oidcIssuerUrl: "https://issuer.example/",
    kubeletObjectId: "kubelet-object-id",
    kubernetesVersion: "1.36",
    provider: new Provider("cluster", { kubeconfig: readFileSync(process.env["KUBECONFIG"] ?? "", "utf8") }),
  },
};

const services = new pulumi.Config().requireObject<Readonly<Record<string, Omit<KaitoInferenceServiceArgs, "engine" | "team">>>>("services");
for (const [name, args] of Object.entries(services)) new InferenceService(name, { ...args, engine: "kaito", team });
