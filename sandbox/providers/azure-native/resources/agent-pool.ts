import type { JsonObject } from "../../values";
import { lastSegment, parentId } from "../arm-ids";
import { ArmError, changeNotAllowed } from "../arm-error";
import { fitsEphemeral, validatePool, validatePoolVersion } from "./agent-pool-limits";
import { at, flagAt, numberAt, objectAt, objectsAt, sameJson, textAt, textsAt } from "../json";
import { provisionsNodes, refuseAutoscaledPool } from "./cluster-refusals";
import { fullVersion } from "./kubernetes-versions";
import type { Exclusive, TypeRules, Write } from "../rules";
import type { ResourceRecord, StateStore } from "../state";

export { validatePool } from "./agent-pool-limits";

export const SPOT_LABEL = "kubernetes.azure.com/scalesetpriority";
export const SPOT_TAINT = `${SPOT_LABEL}=spot:NoSchedule`;

/**
 * Fixed when a pool is created; AKS answers a change with PropertyChangeNotAllowed. azure-native replaces a pool only
 * for vmSize and gpuInstanceProfile, so a change of the others fails the update unless the pool's name changes with it
 * (learn.microsoft.com/azure/aks: use-nvidia-gpu, gpu-multi-instance, spot-node-pool, cluster-configuration, enable-host-encryption,
 * use-capacity-reservation-groups).
 */
const CREATE_ONLY = [
  "vmSize",
  "osDiskType",
  "osDiskSizeGB",
  "osType",
  "scaleSetPriority",
  "scaleSetEvictionPolicy",
  "spotMaxPrice",
  "gpuInstanceProfile",
  "gpuProfile",
  "vnetSubnetID",
  "podSubnetID",
  "availabilityZones",
  "kubeletDiskType",
  "enableUltraSSD",
  "proximityPlacementGroupID",
  "hostGroupID",
  "maxPods",
  // learn.microsoft.com/azure/aks/enable-host-encryption
  "enableEncryptionAtHost",
  "capacityReservationGroupID",
] as const;

/** Compares with what Azure holds, so that declaring a default is no change. */
export function validatePoolChange(pool: JsonObject, held: JsonObject): void {
  for (const property of CREATE_ONLY) {
    const wanted = at(pool, property);
    if (wanted !== undefined && !sameJson(wanted, held[property])) throw changeNotAllowed(property);
  }
  // A PUT without the taint that AKS added asks to take it away (pulumi-azure-native issue 959).
  const spot = textAt(held, "scaleSetPriority") === "Spot";
  if (spot && !textsAt(pool, "nodeTaints").includes(SPOT_TAINT)) throw changeNotAllowed("nodeTaints");
}

/** A pool as AKS returns it (fields as in the recorded answers of pulumi-azure-native's upgrade tests). */
export function poolOutputs(pool: JsonObject, clusterVersion: string, held: JsonObject | undefined): JsonObject {
  const spot = textAt(pool, "scaleSetPriority") === "Spot";
  const version = textAt(pool, "orchestratorVersion") ?? textAt(held, "orchestratorVersion") ?? clusterVersion;
  return {
    enableEncryptionAtHost: false,
    enableFIPS: false,
    enableNodePublicIP: false,
    kubeletDiskType: "OS",
    maxPods: 250,
    nodeImageVersion: "AKSUbuntu-2404gen2containerd-202610.14.0",
    osDiskSizeGB: 128,
    osDiskType: fitsEphemeral(pool) ? "Ephemeral" : "Managed",
    osSKU: "Ubuntu",
    osType: "Linux",
    powerState: { code: "Running" },
    scaleDownMode: "Delete",
    upgradeSettings: spot ? {} : { maxSurge: "10%", maxUnavailable: "0" },
    ...pool,
    ...(spot ? spotOutputs(pool) : {}),
    enableAutoScaling: flagAt(pool, "enableAutoScaling") ?? false,
    count: poolCount(pool, held),
    orchestratorVersion: version,
    currentOrchestratorVersion: fullVersion(version),
    provisioningState: "Succeeded",
  };
}

/** With autoscaling the number of nodes is the autoscaler's: a PUT moves it only as far as the new limits ask. */
function poolCount(pool: JsonObject, held: JsonObject | undefined): number {
  if (flagAt(pool, "enableAutoScaling") !== true) return numberAt(pool, "count") ?? numberAt(held, "count") ?? 1;
  const [min = 0, max = 1000] = [numberAt(pool, "minCount"), numberAt(pool, "maxCount")];
  const count = numberAt(held, "count") ?? numberAt(pool, "count") ?? min;
  return Math.min(Math.max(count, min), max);
}

/** AKS labels and taints Spot nodes by itself (learn.microsoft.com/azure/aks/spot-node-pool). */
function spotOutputs(pool: JsonObject): JsonObject {
  const taints = textsAt(pool, "nodeTaints");
  return {
    scaleSetEvictionPolicy: textAt(pool, "scaleSetEvictionPolicy") ?? "Delete",
    spotMaxPrice: numberAt(pool, "spotMaxPrice") ?? -1,
    nodeLabels: { [SPOT_LABEL]: "spot", ...objectAt(pool, "nodeLabels") },
    nodeTaints: taints.includes(SPOT_TAINT) ? taints : [...taints, SPOT_TAINT],
  };
}

/** Refuses a second write to a cluster or to one of its pools (wording: cilium/cilium issue 25944). */
export function clusterExclusive(clusterId: string): Exclusive {
  return {
    id: clusterId,
    refusal: (running) =>
      new ArmError(
        409,
        "OperationNotAllowed",
        `Operation is not allowed: Another operation (${running}) is in progress, please wait for it to finish before ` +
          "starting a new operation. See https://aka.ms/aks-pending-operation for more details",
      ),
  };
}

function clusterOf(id: string, state: StateStore): ResourceRecord | undefined {
  const cluster = parentId(id);
  return cluster === undefined ? undefined : state.get(cluster);
}

export const agentPoolRules: TypeRules = {
  throttled: true,
  milliseconds: 400,
  exclusive: (id) => clusterExclusive(parentId(id) ?? id),
  validate: (write: Write) => {
    const cluster = clusterOf(write.id, write.world.state);
    if (objectsAt(cluster?.outputs, "agentPoolProfiles").some((pool) => textAt(pool, "name") === write.name)) {
      throw new ArmError(409, "Conflict", `Agent pool '${write.name}' exists in the cluster's agentPoolProfiles.`);
    }
    validatePool(write.inputs, textAt(write.inputs, "mode") ?? "User");
    validatePoolVersion(write.inputs, textAt(cluster?.outputs, "kubernetesVersion"));
    if (provisionsNodes(cluster?.outputs)) refuseAutoscaledPool(write.inputs);
    if (write.before) validatePoolChange(write.inputs, write.before.outputs);
  },
  outputs: ({ id, inputs, before, world }) => {
    const version = textAt(clusterOf(id, world.state)?.outputs, "kubernetesVersion") ?? "";
    // Parts of the path are no outputs; `type` is the kind of pool in inputs and the ARM type in outputs.
    const others = ["resourceGroupName", "resourceName", "agentPoolName", "type"];
    const settings = Object.fromEntries(Object.entries(inputs).filter(([key]) => !others.includes(key)));
    return { mode: "User", ...poolOutputs(settings, version, before?.outputs) };
  },
  validateDelete: (record, world) => {
    if (textAt(record.outputs, "mode") !== "System") return;
    const cluster = clusterOf(record.id, world.state);
    const siblings = world.state.inside(cluster?.id ?? "").filter((other) => other.id !== record.id);
    const left = [
      ...siblings.filter((other) => other.type === record.type).map((other) => other.outputs),
      ...objectsAt(cluster?.outputs, "agentPoolProfiles"),
    ];
    if (cluster && !left.some((pool) => textAt(pool, "mode") === "System")) {
      throw new ArmError(400, "OperationNotAllowed", "There has to be at least one system agent pool.");
    }
  },
};

export function poolOperation(id: string, verb: string): string {
  return `${lastSegment(id)} - ${verb}`;
}
