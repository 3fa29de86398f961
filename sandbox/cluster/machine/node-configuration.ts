import type { Home } from "../../home";
import { PAUSE_IMAGE } from "../../toolchain";
import { certificateFiles } from "../certificates";
import { MAX_PODS, type Taint } from "../nodes/node-template";
import { type NodePaths, registryHosts } from "./node-paths";
import type { NodeTools } from "../tools";

/** Version 3 of https://github.com/containerd/containerd/blob/main/docs/cri/config.md */
export function containerdConfiguration(home: Home, paths: NodePaths, tools: NodeTools): string {
  const text = JSON.stringify; // a TOML basic string is written as a JSON one
  return `version = 3
root = ${text(paths.images)}
state = ${text(paths.state)}
disabled_plugins = [
  "io.containerd.nri.v1.nri",
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
address = ${text(paths.containerdSocket)}

[plugins."io.containerd.cri.v1.images"]
snapshotter = "overlayfs"

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = ${text(PAUSE_IMAGE)}

[plugins."io.containerd.cri.v1.images".registry]
config_path = ${text(registryHosts(home))}

[plugins."io.containerd.cri.v1.runtime"]
# Containers and virtual machines that run the sandbox often may not lower scores or load profiles.
restrict_oom_score_adj = true
disable_apparmor = true
disable_hugetlb_controller = true
# All mounts of a home in its own folder, where they can be found and removed.
netns_mounts_under_state_dir = true
cdi_spec_dirs = []

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = [${text(tools["cni-plugins"])}]
conf_dir = ${text(`${paths.dir}/cni`)}
# The plugin for it leaves a file on the machine for every pod that is not ended in an orderly way.
use_internal_loopback = true

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = ${text(tools.runc)}
SystemdCgroup = false
`;
}

export function cniConfiguration(paths: NodePaths): string {
  const ipam = {
    type: "host-local",
    dataDir: `${paths.state}-addresses`,
    ranges: [[{ subnet: paths.podRange }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  // No masquerading: pods reach this machine, not the internet.
  const bridge = { type: "bridge", bridge: paths.bridge, isGateway: true, ipMasq: false, hairpinMode: true, ipam };
  return JSON.stringify({ cniVersion: "1.0.0", name: `sandbox-node${paths.slot}`, plugins: [bridge] }, undefined, 1);
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletConfiguration(home: Home, paths: NodePaths, serverName: string, taints: readonly Taint[]): string {
  const server = certificateFiles(home, serverName);
  return JSON.stringify(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      address: paths.address,
      healthzBindAddress: paths.address,
      tlsCertFile: server.certificate,
      tlsPrivateKeyFile: server.key,
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: certificateFiles(home, "ca").certificate },
      },
      authorization: { mode: "Webhook" },
      containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
      podLogsDir: `${paths.dir}/pod-logs`,
      registerWithTaints: taints,
      maxPods: MAX_PODS,
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${paths.cgroup}`,
      failCgroupV1: false,
      failSwapOn: false,
      enforceNodeAllocatable: [],
      makeIPTablesUtilChains: false,
      resolvConf: "",
      oomScoreAdj: 0,
      // The node tells the capacity of its Azure size (the agent patches it): the kubelet must not set it back.
      // Leases, which it renews all the same, tell that it is alive.
      nodeStatusUpdateFrequency: "24h",
      nodeStatusReportFrequency: "24h",
      serializeImagePulls: false,
      registryPullQPS: 0,
      imageGCHighThresholdPercent: 100,
      evictionHard: { "memory.available": "50Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
      volumePluginDir: `${paths.dir}/volume-plugins`,
    },
    undefined,
    1,
  );
}

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
export function kubeProxyConfiguration(options: {
  readonly kubeconfig: string;
  readonly nodeName: string;
  readonly address: string;
  readonly podRange: string;
}): string {
  return JSON.stringify(
    {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: options.kubeconfig },
      hostnameOverride: options.nodeName,
      mode: "iptables",
      clusterCIDR: options.podRange,
      healthzBindAddress: `${options.address}:10256`,
      metricsBindAddress: `${options.address}:10249`,
      nodePortAddresses: ["10.200.0.0/24"],
      // Two pods of one bridge talk past the host's address translation unless the machine filters bridges.
      iptables: { masqueradeAll: true, localhostNodePorts: false, minSyncPeriod: "0s" },
      // The machine's connection tracking limits are not ours to set.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    },
    undefined,
    1,
  );
}

