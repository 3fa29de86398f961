import { POOL_LABEL } from "../../components/plan/gpu-pool";
import type { JsonObject } from "../../sandbox/providers/values";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../../sandbox/providers/azure-native/json";
import { gpusOf, LIST_PRICES, nodePrice } from "./list-prices";
import type { Registration } from "./mock-engine";

/** USD per hour: with nothing to do, and with every pool at its most nodes, the cheapest and the dearest way where priorities differ. */
export interface HourlyCost {
  readonly idle: number;
  readonly busy: number;
  readonly dearest: number;
}

/** Nodes of one label: those of a pair stand in for each other. */
interface Pool {
  readonly label: string;
  readonly price: number;
  readonly least: number;
  readonly most: number;
  /** GPUs of a node, or slices of them. */
  readonly gpus: number;
}

/**
 * What registrations cost, by list prices. Idle, nodes run for a pool's least and for endpoints that are up; what exists already, traffic, logs,
 * metrics and disks are not counted.
 */
export function hourlyCost(registrations: readonly Registration[]): HourlyCost {
  const resources = registrations.map(({ type, name, inputs }) => ({ type: type.split(":").at(-1) ?? "", name, inputs: inputs as JsonObject }));
  const fixed = sum(resources.map(({ type, inputs }) => fixedPrice(type, inputs)));
  const pools = resources.flatMap(({ type, name, inputs }) => poolsOf(type, name, inputs));
  const labels = [...new Set(pools.map(({ label }) => label))];
  const total = (choose: (...prices: number[]) => number, price: (pool: Pool) => number): number =>
    fixed + sum(labels.map((label) => choose(...pools.filter((pool) => pool.label === label).map(price))));
  const taken = (label: string): number => sum(resources.map(({ type, inputs }) => (type === "Deployment" ? gpusTaken(inputs, label) : 0)));
  return {
    idle: total(Math.min, ({ label, price, least, gpus }) => price * Math.max(least, gpus > 0 ? Math.ceil(taken(label) / gpus) : 0)),
    busy: total(Math.min, ({ price, most }) => price * most),
    dearest: total(Math.max, ({ price, most }) => price * most),
  };
}

/** GPUs, or slices, that the replicas of a server hold on the nodes of a label. */
function gpusTaken(deployment: JsonObject, label: string): number {
  const pod = objectAt(deployment, "spec.template.spec");
  if (labelIn(objectAt(pod, "nodeSelector")) !== label) return 0;
  return numberAt(deployment, "spec.replicas") ?? NaN;
}

/** The pool's name among labels, whose key has dots of its own. */
function labelIn(labels: JsonObject | undefined): string | undefined {
  const label = labels?.[POOL_LABEL];
  return typeof label === "string" ? label : undefined;
}

/** What is paid by the hour whatever happens. */
function fixedPrice(type: string, inputs: JsonObject): number {
  switch (type) {
    case "ManagedCluster":
      return (
        (LIST_PRICES.tier[textAt(inputs, "sku.tier") ?? ""] ?? NaN) +
        sum(objectsAt(inputs, "agentPoolProfiles").map((pool) => (numberAt(pool, "count") ?? NaN) * nodePrice(textAt(pool, "vmSize") ?? "", false)))
      );
    case "Resource":
      return textAt(inputs, "resourceType") === "registries" ? (LIST_PRICES.registry[textAt(inputs, "sku.name") ?? ""] ?? NaN) : 0;
    case "Replication":
      return LIST_PRICES.registry["Premium"] ?? NaN;
    case "NatGateway":
      return LIST_PRICES.natGateway;
    case "PublicIPAddress":
      return LIST_PRICES.publicAddress;
    case "PrivateEndpoint":
      return LIST_PRICES.privateEndpoint;
    case "PrivateZone":
      return LIST_PRICES.privateZone;
    case "FileShare":
      return (numberAt(inputs, "shareQuota") ?? NaN) * LIST_PRICES.shareGiB;
    default:
      return 0;
  }
}

function poolsOf(type: string, name: string, inputs: JsonObject): readonly Pool[] {
  if (type === "AgentPool") return [agentPool(name, inputs)];
  if (type === "NodePool") return karpenterPool(name, inputs);
  return textAt(inputs, "engine") === "kaito" ? [kaitoNodes(`${type} ${name}`, inputs)] : [];
}

/** Nodes that KAITO buys: one for a run while it runs, and for each copy of a server as many as it counts, from the first adapter on. */
function kaitoNodes(label: string, inputs: JsonObject): Pool {
  const size = textAt(inputs, "size") ?? textAt(inputs, "shape.size") ?? "";
  const most = numberAt(inputs, "replicas") === undefined ? 1 : (numberAt(inputs, "replicas") ?? NaN) * (numberAt(inputs, "nodes") ?? NaN);
  return { label, price: nodePrice(size, false), least: 0, most, gpus: gpusOf(size, undefined) };
}

/** A reservation is paid for all its nodes, of which the pool may run no more. */
function agentPool(name: string, inputs: JsonObject): Pool {
  const size = textAt(inputs, "vmSize") ?? "";
  const most = numberAt(inputs, "maxCount") ?? numberAt(inputs, "count") ?? NaN;
  const reserved = textAt(inputs, "capacityReservationGroupID") !== undefined;
  return {
    label: labelIn(objectAt(inputs, "nodeLabels")) ?? name,
    price: nodePrice(size, textAt(inputs, "scaleSetPriority") === "Spot"),
    least: reserved ? most : (numberAt(inputs, "minCount") ?? numberAt(inputs, "count") ?? NaN),
    most,
    gpus: gpusOf(size, textAt(inputs, "gpuInstanceProfile")),
  };
}

/** Nodes of each capacity type that may be made, up to the limit on GPUs. */
function karpenterPool(label: string, inputs: JsonObject): readonly Pool[] {
  const requirements = objectsAt(inputs, "spec.template.spec.requirements");
  const values = (key: string): readonly string[] => textsAt(requirements.find((each) => textAt(each, "key") === key) ?? {}, "values");
  const [size = ""] = values("karpenter.azure.com/sku-name");
  const gpus = gpusOf(size, undefined);
  const most = Number(objectAt(inputs, "spec.limits")?.["nvidia.com/gpu"]) / gpus;
  return values("karpenter.sh/capacity-type").map((capacity) => ({ label, price: nodePrice(size, capacity === "spot"), least: 0, most, gpus }));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
