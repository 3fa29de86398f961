/** Everything the sandbox runs that npm does not bring. */
export const TOOL_NAMES = [
  "pulumi",
  "pulumi-language-nodejs",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "azure-file-csi",
  "crane",
  "containerd",
  "containerd-shim-runc-v2",
  "ctr",
  "pause",
  "etcd",
  "docker-registry",
  "runc",
  "cni-plugins",
  "iptables",
  "ipset",
  "conntrack",
  "debootstrap",
  "ip",
  "openssl",
  "skopeo",
  "kwok",
  "kube-router",
] as const;

/** `cni-plugins` is a folder and `pause` an image archive; every other name is an executable. */
export type ToolName = (typeof TOOL_NAMES)[number];

export function isToolName(name: string): name is ToolName {
  return TOOL_NAMES.some((known) => known === name);
}
