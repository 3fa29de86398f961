import type { JsonObject } from "../../sandbox/providers/values";
import { numberAt, objectsAt, textAt, textsAt } from "../../sandbox/providers/azure-native/json";
import { LIST_PRICES, nodePrice, vcpusOf } from "./list-prices";
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
  readonly idle: number;
  readonly busy: number;
}

/** What registrations cost, by list prices. Traffic, logs, metrics, disks and what exists already are not in them. */
export function hourlyCost(registrations: readonly Registration[]): HourlyCost {
  const resources = registrations.map(({ type, name, inputs }) => ({ type: type.split(":").at(-1) ?? "", name, inputs: inputs as JsonObject }));
  const fixed = sum(resources.map(({ type, inputs }) => fixedPrice(type, inputs)));
  const pools = resources.flatMap(({ type, name, inputs }) => poolsOf(type, name, inputs));
  const idle = fixed + sum(pools.map((pool) => pool.idle));
  const labels = [...new Set(pools.map(({ label }) => label))];
  const each = labels.map((label) => pools.filter((pool) => pool.label === label).map(({ busy }) => busy));
  return { idle, busy: fixed + sum(each.map((prices) => Math.min(...prices))), dearest: fixed + sum(each.map((prices) => Math.max(...prices))) };
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
  return type === "NodePool" ? karpenterPool(name, inputs) : [];
}

/** A reservation is paid for all its nodes, of which the pool may run no more. */
function agentPool(name: string, inputs: JsonObject): Pool {
  const price = nodePrice(textAt(inputs, "vmSize") ?? "", textAt(inputs, "scaleSetPriority") === "Spot");
  const most = numberAt(inputs, "maxCount") ?? numberAt(inputs, "count") ?? NaN;
  const reserved = textAt(inputs, "capacityReservationGroupID") !== undefined;
  const least = reserved ? most : (numberAt(inputs, "minCount") ?? numberAt(inputs, "count") ?? NaN);
  const labels: Readonly<Record<string, unknown>> = (inputs["nodeLabels"] ?? {}) as JsonObject;
  return { label: String(labels["aks-fine-tuning.dev/pool"] ?? name), idle: least * price, busy: most * price };
}

/** Nodes of each capacity type that may be made, up to the limit on cores. */
function karpenterPool(name: string, inputs: JsonObject): readonly Pool[] {
  const requirements = objectsAt(inputs, "spec.template.spec.requirements");
  const values = (key: string): readonly string[] => textsAt(requirements.find((each) => textAt(each, "key") === key) ?? {}, "values");
  const [size = ""] = values("karpenter.azure.com/sku-name");
  const nodes = Number(textAt(inputs, "spec.limits.cpu")) / vcpusOf(size);
  return values("karpenter.sh/capacity-type").map((capacity) => ({ label: name, idle: 0, busy: nodes * nodePrice(size, capacity === "spot") }));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
