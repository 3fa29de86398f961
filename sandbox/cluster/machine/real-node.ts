import * as fs from "node:fs";
import * as path from "node:path";
import { writeIfChanged } from "../../files";
import type { Home } from "../../home";
import { ensureDaemon, runningDaemons } from "../../processes";
import { POD_RANGE, type Slot } from "../addresses";
import { ensureNodeCertificates } from "../certificates";
import { makeCgroup } from "./cgroups";
import { ensureContainerd } from "./containerd";
import { daemonKubeconfig } from "../kubeconfig";
import { addAddress, rememberKernelSettings } from "./network";
import { kubeletConfiguration, kubeProxyConfiguration } from "./node-configuration";
import type { NodeTemplate } from "../nodes/node-template";
import { type NodePaths, nodePaths } from "./node-paths";
import type { NodeTools } from "../tools";

export interface RealNode {
  readonly name: string;
  readonly slot: Slot;
  readonly template: NodeTemplate;
  readonly server: string;
}

/** The part that does not depend on which node of the cluster this will be: can be done before anybody knows. */
export async function prepareRealNode(home: Home, slot: Slot, tools: NodeTools): Promise<void> {
  const paths = nodePaths(home, slot);
  rememberKernelSettings(home);
  await addAddress(tools.ip, paths.address);
  makeCgroup(paths.cgroup);
  await ensureContainerd(home, paths, tools);
}

/** Whether all the processes of a real node are there. */
export function isRunning(home: Home, slot: Slot): boolean {
  const names = new Set(runningDaemons(home).map(({ name }) => name));
  return nodeDaemons(slot).every((name) => names.has(name));
}

export function nodeDaemons(slot: Slot): readonly string[] {
  return [`node${slot}-kubelet`, `node${slot}-csi`, `node${slot}-containerd`];
}

/** Starts what is missing of containerd, CSI driver and kubelet; joining takes the kubelet about a second. */
export async function ensureRealNode(home: Home, node: RealNode, tools: NodeTools): Promise<void> {
  const paths = nodePaths(home, node.slot);
  await prepareRealNode(home, node.slot, tools);
  await ensureNodeCertificates(home, tools.openssl, node.name, paths.address);
  await ensureCsiDriver(home, node, paths, tools);
  await ensureKubelet(home, node, paths, tools);
}

async function ensureCsiDriver(home: Home, node: RealNode, paths: NodePaths, tools: NodeTools): Promise<void> {
  fs.mkdirSync(path.join(paths.kubelet, "plugins_registry"), { recursive: true });
  fs.mkdirSync(home.files, { recursive: true });
  await ensureDaemon(home, {
    name: `node${node.slot}-csi`,
    command: [
      tools["azure-file-csi"],
      ...["--endpoint", paths.csiSocket],
      ...["--registration-socket", path.join(paths.kubelet, "plugins_registry", "file.csi.azure.com-reg.sock")],
      ...["--node-id", node.name],
      ...["--root", home.files],
    ],
  });
}

async function ensureKubelet(home: Home, node: RealNode, paths: NodePaths, tools: NodeTools): Promise<void> {
  const configuration = kubeletConfiguration(home, paths, `${node.name}-server`, node.template.taints);
  const file = path.join(paths.dir, "kubelet.json");
  writeIfChanged(file, configuration);
  fs.mkdirSync(path.join(paths.dir, "pod-logs"), { recursive: true });
  const kubeconfig = daemonKubeconfig(home, node.server, `kubelet-${node.name}`, `${node.name}-client`);
  await ensureDaemon(home, {
    name: `node${node.slot}-kubelet`,
    command: [
      tools.kubelet,
      `--config=${file}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${paths.kubelet}`,
      `--cert-dir=${path.join(paths.dir, "pki")}`,
      `--hostname-override=${node.name}`,
      `--node-ip=${paths.address}`,
      `--node-labels=${registrationLabels(node.template.labels)}`,
    ],
    settings: configuration + node.server,
  });
}

/**
 * Labels that a kubelet may give its own node: of those under kubernetes.io and k8s.io only well-known ones. The agent adds the rest.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
export function registrationLabels(labels: NodeTemplate["labels"]): string {
  return Object.entries(labels)
    .filter(([key]) => {
      const domain = key.includes("/") ? (key.split("/")[0] ?? "") : "";
      return !/(^|\.)(kubernetes|k8s)\.io$/.test(domain) || /^(node|topology)\.kubernetes\.io\/(instance-type|region|zone)$/.test(key);
    })
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** One proxy for all nodes: they share the machine's network. */
export async function ensureKubeProxy(home: Home, nodeName: string, server: string, tools: NodeTools): Promise<void> {
  const configuration = kubeProxyConfiguration({
    kubeconfig: daemonKubeconfig(home, server, "kube-proxy"),
    nodeName,
    address: nodePaths(home, 1).address,
    podRange: POD_RANGE,
  });
  const file = path.join(home.dir, "kube-proxy.json");
  writeIfChanged(file, configuration);
  await ensureDaemon(home, {
    name: "kube-proxy",
    command: [tools["kube-proxy"], `--config=${file}`],
    env: { PATH: [path.dirname(tools.iptables), path.dirname(tools.conntrack), "/usr/sbin:/sbin:/usr/bin:/bin"].join(":") },
    settings: configuration + server,
  });
}
