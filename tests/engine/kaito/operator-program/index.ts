import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, KaitoOperator, Network } from "../../../../components";
import { guardsOfKaito } from "../../../../components/kaito";
import type { KaitoDevicePlugin } from "../../../../components";

const config = new pulumi.Config();
const location = "eastus";
const environment = "development";
const { name: resourceGroupName } = new ResourceGroup("ai", { resourceGroupName: "ai", location });
const network = new Network("ai", { resourceGroupName, environment });
const cluster = new Cluster("ai", { resourceGroupName, network, environment });
const devicePlugin = config.require<KaitoDevicePlugin>("devicePlugin");
const kaito = new KaitoOperator("kaito", { cluster, devicePlugin, localDisks: config.requireBoolean("localDisks") });

new CustomResource(
  "phi",
  {
    apiVersion: "kaito.sh/v1beta1",
    kind: "Workspace",
    metadata: { name: "phi", namespace: "default" },
    resource: { instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { apps: "phi" } } },
    inference: { preset: { name: "phi-4-mini-instruct" } },
  },
  { provider: cluster.provider, dependsOn: guardsOfKaito(kaito), customTimeouts: { delete: "5m" } },
);
