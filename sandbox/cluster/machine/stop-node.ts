import * as fs from "node:fs";
import * as path from "node:path";
import { readJson, readText } from "../../files";
import type { Home } from "../../home";
import { identify } from "../../process-identity";
import { stopDaemons, stopProcess } from "../../processes";
import { run } from "../../toolchain/commands";
import { until } from "../../until";
import type { Slot } from "../addresses";
import { processesIn, removeCgroup } from "./cgroups";
import { containerdDaemonName, shimsOf } from "./containerd";
import { removeBridge } from "./network";
import { type NodePaths, nodePaths } from "./node-paths";

const GRACE_MS = 3000;

/** Stops a real node as if its machine were switched off, and removes what it put on this machine but its images. */
export async function stopRealNode(home: Home, slot: Slot, ip: string): Promise<void> {
  const paths = nodePaths(home, slot);
  await stopDaemons(home, [`node${slot}-kubelet`, `node${slot}-csi`], 2000);
  await endContainers(paths);
  await stopDaemons(home, [containerdDaemonName(paths)]);
  await endShims(paths);
  await unmountBelow([path.dirname(paths.state), paths.kubelet]);
  await removeBridge(ip, paths.bridge);
  removeCgroup(paths.cgroup);
  removeFiles(paths);
}

/** SIGTERM for everything in the node's control group, then SIGKILL for what is left after a moment. */
async function endContainers(paths: NodePaths): Promise<void> {
  const gone = () => (processesIn(paths.cgroup).length === 0 ? true : undefined);
  signalAll(paths, "SIGTERM");
  const ended = await until(gone, { timeoutMs: GRACE_MS, late: () => "" }).catch(() => false);
  if (ended) return;
  const killed = () => {
    signalAll(paths, "SIGKILL");
    return gone();
  };
  await until(killed, { timeoutMs: 10_000, late: () => `processes of the group ${paths.cgroup} do not end` });
}

function signalAll(paths: NodePaths, signal: "SIGTERM" | "SIGKILL"): void {
  for (const pid of processesIn(paths.cgroup)) {
    try {
      process.kill(pid, signal);
    } catch {
      // ended meanwhile
    }
  }
}

/** They end by themselves once containerd has removed their containers; without it they wait for ever. */
async function endShims(paths: NodePaths): Promise<void> {
  const sockets = shimSockets(paths);
  const shims = shimsOf(paths).flatMap((pid) => identify(pid) ?? []);
  await Promise.all(shims.map((shim) => stopProcess(shim, 300)));
  for (const socket of sockets) fs.rmSync(socket, { force: true });
}

/** Shims listen in a folder that all containerds of a machine share; each bundle says where its own does. */
function shimSockets(paths: NodePaths): readonly string[] {
  const bundles = path.join(paths.state, "io.containerd.runtime.v2.task", "k8s.io");
  if (!fs.existsSync(bundles)) return [];
  return fs.readdirSync(bundles).flatMap((bundle) => {
    const address = readJson<{ address?: string }>(path.join(bundles, bundle, "bootstrap.json"))?.address;
    return address?.startsWith("unix://") === true ? [address.slice("unix://".length)] : [];
  });
}

/** Unmounts everything in these folders, inner mounts first. */
export async function unmountBelow(folders: readonly string[]): Promise<void> {
  const prefixes = folders.map((folder) => `${folder}/`);
  const mounted = mountPoints().filter((point) => prefixes.some((prefix) => `${point}/`.startsWith(prefix)));
  for (const point of [...mounted].reverse()) {
    await run("umount", [point]).catch(() => run("umount", ["--lazy", point]));
  }
}

/** The kernel writes spaces and other separators as octal escapes. */
function mountPoints(): readonly string[] {
  const points = (readText("/proc/self/mounts") ?? "").split("\n").map((line) => line.split(" ")[1] ?? "");
  return points.map((point) => point.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))));
}

/** Deleting below a mount would delete what is mounted. */
export function refuseIfMounted(folder: string): void {
  const mounted = mountPoints().find((point) => `${point}/`.startsWith(`${folder}/`));
  if (mounted !== undefined) throw new Error(`${mounted} is still mounted, so ${folder} is not deleted`);
}

function removeFiles(paths: NodePaths): void {
  refuseIfMounted(path.dirname(paths.state));
  fs.rmSync(path.dirname(paths.state), { recursive: true, force: true });
  // libcni's cache, in a place that cannot be chosen: https://github.com/containernetworking/cni/blob/main/libcni/api.go
  const cache = "/var/lib/cni/results";
  const files = fs.existsSync(cache) ? fs.readdirSync(cache) : [];
  for (const file of files.filter((name) => name.startsWith(`sandbox-node${paths.slot}-`))) {
    fs.rmSync(path.join(cache, file), { force: true });
  }
}
