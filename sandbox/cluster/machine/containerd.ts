import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { writeIfChanged } from "../../files";
import type { Home } from "../../home";
import { type Daemon, ensureDaemon, logTail, stopDaemons } from "../../processes";
import { runningCommands } from "../../process-identity";
import { PAUSE_IMAGE } from "../../toolchain";
import { until } from "../../until";
import { cniConfiguration, containerdConfiguration } from "./node-configuration";
import type { NodePaths } from "./node-paths";
import type { NodeTools } from "../tools";

const run = promisify(execFile);

/** Starts containerd unless it runs, and makes sure that it has the pause image and no containers of an earlier start. */
export async function ensureContainerd(home: Home, paths: NodePaths, tools: NodeTools): Promise<void> {
  const daemon = containerdDaemon(home, paths, tools);
  const survivors = shimsOf(paths).length > 0;
  const { started } = await ensureDaemon(home, daemon);
  await answering(home, daemon, paths);
  if (!started) return;
  // With its shims gone nothing of an earlier start can be running: what is recorded are dead containers, maybe of another home.
  if (!survivors && (await removeContainers(paths, tools))) {
    await stopDaemons(home, [daemon.name]);
    for (const kind of ["containers", "sandboxes"]) {
      fs.rmSync(path.join(paths.images, "io.containerd.grpc.v1.cri", kind), { recursive: true, force: true });
    }
    await ensureDaemon(home, daemon);
    await answering(home, daemon, paths);
  }
  const images = await ctr(paths, tools, ["images", "ls", "-q", `name==${PAUSE_IMAGE}`]);
  if (!images.includes(PAUSE_IMAGE)) await ctr(paths, tools, ["images", "import", tools.pause]);
}

export function containerdDaemonName(paths: NodePaths): string {
  return `node${paths.slot}-containerd`;
}

function containerdDaemon(home: Home, paths: NodePaths, tools: NodeTools): Daemon {
  const configuration = containerdConfiguration(home, paths, tools);
  const cni = cniConfiguration(paths);
  const file = path.join(paths.dir, "containerd.toml");
  writeIfChanged(file, configuration);
  writeIfChanged(path.join(paths.dir, "cni", "10-sandbox.conflist"), cni);
  fs.mkdirSync(path.dirname(paths.containerdSocket), { recursive: true });
  fs.mkdirSync(paths.images, { recursive: true });
  // It looks for its shim, and the shim for iptables and mount, on the PATH.
  const folders = [path.dirname(tools.containerd), path.dirname(tools.iptables), "/usr/sbin:/sbin:/usr/bin:/bin"];
  return {
    name: containerdDaemonName(paths),
    command: [tools.containerd, "--config", file, "--log-level", "info"],
    env: { PATH: folders.join(":") },
    settings: configuration + cni,
  };
}

async function answering(home: Home, daemon: Daemon, paths: NodePaths): Promise<void> {
  await until(async () => ((await connects(paths.containerdSocket)) ? true : undefined), {
    timeoutMs: 20_000,
    late: () => `containerd does not answer; ${logTail(home, daemon.name)}`,
  });
}

function connects(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(socket);
    connection.once("connect", () => resolve(true)).once("error", () => resolve(false));
    connection.once("connect", () => connection.destroy());
  });
}

/** Whether there were any. */
async function removeContainers(paths: NodePaths, tools: NodeTools): Promise<boolean> {
  const containers = lines(await ctr(paths, tools, ["containers", "ls", "-q"]));
  if (containers.length === 0) return false;
  await ctr(paths, tools, ["containers", "rm", ...containers]);
  return true;
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** Only the standard output: it warns of old control groups on the other stream each time. */
async function ctr(paths: NodePaths, tools: NodeTools, args: readonly string[]): Promise<string> {
  const all = ["--address", paths.containerdSocket, "--namespace", "k8s.io", ...args];
  return (await run(tools.ctr, all, { timeout: 60_000 })).stdout;
}

/** Ids of the processes that hold this node's containers; they outlive containerd. Told by the socket on their command line. */
export function shimsOf(paths: NodePaths): readonly number[] {
  return runningCommands()
    .filter(({ command }) => {
      const address = command.indexOf("-address");
      const shim = path.basename(command[0] ?? "").startsWith("containerd-shim");
      return shim && address !== -1 && command[address + 1] === paths.containerdSocket;
    })
    .map(({ pid }) => pid);
}
