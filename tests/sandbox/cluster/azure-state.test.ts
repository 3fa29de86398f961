import { poolsOf, registriesOf } from "../../../sandbox/cluster/nodes/azure-state";
import { CLUSTER } from "./pods";

const STATE = {
  resources: {
    [CLUSTER]: {
      type: "azure-native:containerservice:ManagedCluster",
      outputs: {
        location: "westus",
        agentPoolProfiles: [
          { name: "system", count: 1, vmSize: "Standard_D4s_v5", mode: "System" },
          { name: "gpu", count: 0 },
        ],
      },
    },
    [`${CLUSTER}/agentPools/gpu`]: {
      type: "azure-native:containerservice:AgentPool",
      inputs: { vmSize: "Standard_NC4as_T4_v3", enableAutoScaling: true },
      outputs: { name: "gpu", minCount: 0, maxCount: 2, scaleSetPriority: "Spot", nodeTaints: ["sku=gpu:NoSchedule"] },
    },
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/Adapters1": {
      type: "azure-native:resources:Resource",
      outputs: { properties: { loginServer: "10.200.0.1:5002" } },
    },
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/Adapters1/scopeMaps/m": {
      type: "azure-native:resources:Resource",
      outputs: {},
    },
  },
};

describe("poolsOf", () => {
  it("finds pools declared with the cluster and on their own, each once", () => {
    expect(poolsOf(STATE)).toMatchObject([
      { name: "system", system: true, autoscaled: false, count: 1, nodeResourceGroup: "MC_rg_aks_westus" },
      { name: "gpu", id: `${CLUSTER}/agentPools/gpu`, autoscaled: true, maxCount: 2, spot: true, vmSize: "Standard_NC4as_T4_v3" },
    ]);
  });

  it("finds none without a cluster", () => {
    const resources = Object.fromEntries(Object.entries(STATE.resources).filter(([id]) => id !== CLUSTER));
    expect(poolsOf({ resources })).toEqual([]);
    expect(poolsOf(undefined)).toEqual([]);
  });
});

it("registries are those with a port on this machine", () => {
  expect(registriesOf(STATE)).toMatchObject([{ name: "adapters1", port: 5002 }]);
});
