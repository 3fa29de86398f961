import * as path from "node:path";
import { readJson, writeIfChanged } from "../files";
import type { Home } from "../home";
import type { ToolName } from "../toolchain";

/** Needed whatever the nodes are. */
export const CONTROL_TOOLS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "docker-registry",
  "openssl",
  "crane",
  "pulumi",
  "pulumi-language-nodejs",
] as const satisfies readonly ToolName[];

/** What nodes that run pods need besides. */
export const NODE_TOOLS = [
  "ip",
  "iptables",
  "conntrack",
  "kubelet",
  "kube-proxy",
  "azure-file-csi",
  "containerd",
  "containerd-shim-runc-v2",
  "ctr",
  "runc",
  "cni-plugins",
  "pause",
] as const satisfies readonly ToolName[];

export type ControlTools = Readonly<Record<(typeof CONTROL_TOOLS)[number], string>>;
export type NodeTools = Readonly<Record<(typeof NODE_TOOLS)[number] | "openssl", string>>;
export type KnownTools = ControlTools & Partial<Record<ToolName, string>>;

/** Where the last start found the tools: for the agent and for stopping, which must not build any. */
export function knownTools(home: Home): KnownTools | undefined {
  return readJson<KnownTools>(toolsFile(home));
}

export function rememberTools(home: Home, tools: KnownTools): void {
  writeIfChanged(toolsFile(home), `${JSON.stringify(tools, undefined, 1)}\n`);
}

export function isComplete(tools: Partial<Record<ToolName, string>>): tools is NodeTools {
  return [...NODE_TOOLS, "openssl" as const].every((name) => tools[name] !== undefined);
}

function toolsFile(home: Home): string {
  return path.join(home.dir, "tools.json");
}
