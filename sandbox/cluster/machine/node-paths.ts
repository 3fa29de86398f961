import * as path from "node:path";
import type { Home } from "../../home";
import { nodeAddress, type Slot } from "../addresses";

/** Files and names of one real node. */
export interface NodePaths {
  readonly slot: Slot;
  readonly address: string;
  readonly podRange: string;
  readonly bridge: string;
  readonly cgroup: string;
  /** Configuration, logs of pods. */
  readonly dir: string;
  readonly kubelet: string;
  /** Images; machine-wide and kept, like those that come with a node image. */
  readonly images: string;
  readonly state: string;
  readonly containerdSocket: string;
  readonly csiSocket: string;
}

/** Longest of the sockets in a kubelet's folder; unix(7) allows 107 characters. */
const LONGEST_SOCKET = "/plugins_registry/file.csi.azure.com-reg.sock";

export function nodePaths(home: Home, slot: Slot): NodePaths {
  const dir = path.join(home.dir, `node${slot}`);
  const run = path.join(home.run, `node${slot}`);
  const fits = path.join(dir, "kubelet").length + LONGEST_SOCKET.length <= 107;
  return {
    slot,
    address: nodeAddress(slot),
    podRange: `10.244.${slot - 1}.0/24`,
    bridge: `aft${slot}`,
    cgroup: `aks-fine-tuning-node${slot}`,
    dir,
    kubelet: fits ? path.join(dir, "kubelet") : path.join("/var/lib/aks-fine-tuning", home.id, `node${slot}`, "kubelet"),
    images: path.join(home.cache, "nodes", `node${slot}`),
    state: path.join(run, "containerd"),
    containerdSocket: path.join(run, "containerd.sock"),
    csiSocket: path.join(run, "csi.sock"),
  };
}

/** Where containerd looks for what it may do with a registry: HOST:PORT/hosts.toml. */
export function registryHosts(home: Home): string {
  return path.join(home.dir, "registry-hosts");
}
