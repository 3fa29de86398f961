import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Faults } from "../../sandbox/providers/azure-native/faults";
import { textAt } from "../../sandbox/providers/azure-native/json";
import { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { StateStore } from "../../sandbox/providers/azure-native/state";
import { ExclusiveWrites, WriteLimits } from "../../sandbox/providers/azure-native/write-limits";
import { knownProperties, type JsonObject, type Properties } from "../../sandbox/providers/values";

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
  const open = (): AzureNativeStandIn =>
    new AzureNativeStandIn({
      state: new StateStore(state),
      faults: new Faults(path.join(folder, "faults.json"), ignore),
      limits: new WriteLimits(),
      exclusive: new ExclusiveWrites(),
      quotaFile: path.join(folder, "quota.json"),
      seamFile: undefined,
      log: ignore,
      pace: 0,
    });
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

const ignore = (): void => undefined;

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

/** Check and Create, as the engine calls them; what Check refuses is thrown as what Create refuses is. */
export async function make(azure: AzureNativeStandIn, type: string, name: string, news: Properties, preview = false) {
  const about = { urn: `urn:pulumi:test::properties::${type}::${name}`, type, name, signal: new AbortController().signal };
  const { inputs, failures = [] } = azure.check({ ...about, olds: {}, news, randomSeed: Buffer.from(name), autonaming: undefined });
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  return azure.create({ ...about, inputs, preview, timeoutSeconds: 0 });
}
