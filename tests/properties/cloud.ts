import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { textAt } from "../../sandbox/providers/azure-native/json";
import type { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { type JsonObject, knownProperties } from "../../sandbox/providers/values";
import { make, standInOn } from "../support/azure-stand-in";

/** What is in the subscription before a component comes: what components are given as references. */
export interface Existing {
  readonly resourceGroupName: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly oidcIssuerUrl: string;
  readonly kubeletObjectId: string;
  readonly subnetId: string;
  readonly registryId: string;
}

/** The stand-in for Azure in this process, on a subscription that starts the same every time. */
export interface Cloud {
  readonly existing: Existing;
  /** Forgets what was made since the beginning. */
  fresh(): AzureNativeStandIn;
  close(): void;
}

/** State in memory where the machine has such a folder: what it survives is not under test. */
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();

export async function openCloud(): Promise<Cloud> {
  const folder = mkdtempSync(path.join(FOLDER, "properties-"));
  const state = path.join(folder, "state.json");
  const open = (): AzureNativeStandIn => standInOn(state);
  const existing = await furnish(open());
  const beginning = readFileSync(state);
  return {
    existing,
    fresh: () => {
      writeFileSync(state, beginning);
      return open();
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

const GROUP = { resourceGroupName: "group", location: "eastus" };

async function furnish(azure: AzureNativeStandIn): Promise<Existing> {
  const made = async (type: string, name: string, inputs: JsonObject) => {
    const { id, outputs } = await make(azure, `azure-native:${type}`, name, inputs);
    return { id, outputs: knownProperties(outputs) };
  };
  await made("resources:ResourceGroup", "group", GROUP);
  await made("network:VirtualNetwork", "hub", { ...GROUP, virtualNetworkName: "hub", addressSpace: { addressPrefixes: ["10.200.0.0/16"] } });
  const subnet = await made("network:Subnet", "nodes", {
    resourceGroupName: "group",
    virtualNetworkName: "hub",
    subnetName: "nodes",
    addressPrefix: "10.200.0.0/20",
  });
  const cluster = await made("containerservice:ManagedCluster", "existing", {
    ...GROUP,
    resourceName: "existing",
    dnsPrefix: "existing",
    kubernetesVersion: "1.36",
    oidcIssuerProfile: { enabled: true },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" }],
  });
  const registry = await made("resources:Resource", "registry", {
    ...GROUP,
    resourceProviderNamespace: "Microsoft.ContainerRegistry",
    parentResourcePath: "",
    resourceType: "registries",
    resourceName: "existing12345",
    sku: { name: "Standard" },
    properties: {},
  });
  return {
    resourceGroupName: "group",
    clusterId: cluster.id,
    clusterName: "existing",
    oidcIssuerUrl: textAt(cluster.outputs, "oidcIssuerProfile.issuerURL") ?? "",
    kubeletObjectId: textAt(cluster.outputs, "identityProfile.kubeletidentity.objectId") ?? "",
    subnetId: subnet.id,
    registryId: registry.id,
  };
}
