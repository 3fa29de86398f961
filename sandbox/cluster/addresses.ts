/** Addresses of the cluster. Those of nodes are on the machine's loopback device, so only this machine reaches them. */
export const SERVICE_RANGE = "10.96.0.0/16";
/** First address of the range: the Service `kubernetes`. */
export const API_SERVICE_ADDRESS = "10.96.0.1";
export const POD_RANGE = "10.244.0.0/16";
/** A kubelet's address may not be a loopback one (`--node-ip`), hence not 127.0.0.1. */
export const NODE_ADDRESSES = ["10.200.0.1", "10.200.0.2", "10.200.0.3"] as const;
export const LOOPBACK = "127.0.0.1";

/** Nodes that can be real: `node1` for the system pool, the others for GPU pools. */
export const SLOTS = [1, 2, 3] as const;
export type Slot = (typeof SLOTS)[number];

export function nodeAddress(slot: Slot): string {
  return NODE_ADDRESSES[slot - 1] ?? NODE_ADDRESSES[0];
}

/** Where the API server and the registries listen. */
export function hostAddress(nodes: "real" | "simulated"): string {
  return nodes === "real" ? NODE_ADDRESSES[0] : LOOPBACK;
}
