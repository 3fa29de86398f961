import * as fs from "node:fs";
import type { Home } from "../home";
import type { Ports } from "../ports";
import { ensureDaemon, logTail, runningDaemons } from "../processes";
import { until } from "../until";
import { hostAddress, LOOPBACK, NODE_ADDRESSES, SERVICE_RANGE } from "./addresses";
import { KubernetesClient } from "./client";
import { certificateFiles } from "./certificates";
import { daemonKubeconfig } from "./kubeconfig";
import type { ControlTools } from "./tools";

export interface ControlPlane {
  readonly tools: ControlTools;
  readonly ports: Ports;
  readonly nodes: "real" | "simulated";
}

export const CONTROL_PLANE_DAEMONS = ["kube-controller-manager", "kube-scheduler", "kube-apiserver", "etcd"];

export function apiServerUrl(nodes: "real" | "simulated", ports: Ports): string {
  return `https://${hostAddress(nodes)}:${ports["kube-apiserver"]}`;
}

/** Starts what is missing of etcd, API server, controller manager and scheduler, and waits until the API server is ready. */
export async function ensureControlPlane(home: Home, plane: ControlPlane): Promise<void> {
  const { tools } = plane;
  fs.mkdirSync(home.etcd, { recursive: true, mode: 0o700 });
  await ensureDaemon(home, { name: "etcd", command: [tools.etcd, ...etcdFlags(home, plane.ports)] });

  await ensureDaemon(home, {
    name: "kube-apiserver",
    command: [tools["kube-apiserver"], ...apiServerFlags(home, plane)],
  });
  const server = apiServerUrl(plane.nodes, plane.ports);
  await Promise.all([
    ensureDaemon(home, {
      name: "kube-controller-manager",
      command: [tools["kube-controller-manager"], ...controllerManagerFlags(home, server)],
      settings: server,
    }),
    ensureDaemon(home, {
      name: "kube-scheduler",
      command: [
        tools["kube-scheduler"],
        `--kubeconfig=${daemonKubeconfig(home, server, "kube-scheduler")}`,
        "--leader-elect=false",
        "--secure-port=0",
      ],
      settings: server,
    }),
  ]);
  await ready(home, server);
}

async function ready(home: Home, server: string): Promise<void> {
  const client = KubernetesClient.of(home, server, "admin");
  const answers = async () => {
    if (await client.isReady()) return true;
    const running = runningDaemons(home).map(({ name }) => name);
    const dead = ["etcd", "kube-apiserver"].find((name) => !running.includes(name));
    if (dead !== undefined) throw new Error(`${dead} ended; ${logTail(home, dead)}`);
    return undefined;
  };
  await until(answers, {
    timeoutMs: 60_000,
    late: () => `the API server is not ready after a minute; ${logTail(home, "kube-apiserver")}`,
  });
}

function etcdFlags(home: Home, ports: Ports): readonly string[] {
  const client = `http://${LOOPBACK}:${ports["etcd"]}`;
  const peer = `http://${LOOPBACK}:${ports["etcd-peer"]}`;
  return [
    "--name=sandbox",
    `--data-dir=${home.etcd}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=sandbox=${peer}`,
    // Without them a killed process loses nothing, a machine that loses power may: fair for a sandbox.
    "--unsafe-no-fsync",
    "--auto-compaction-mode=revision",
    "--auto-compaction-retention=5000",
    "--log-level=warn",
  ];
}

function apiServerFlags(home: Home, { ports, nodes }: ControlPlane): readonly string[] {
  const file = (name: string) => certificateFiles(home, name);
  const address = hostAddress(nodes);
  return [
    `--etcd-servers=http://${LOOPBACK}:${ports["etcd"]}`,
    `--bind-address=${address}`,
    `--advertise-address=${nodes === "real" ? NODE_ADDRESSES[0] : LOOPBACK}`,
    `--secure-port=${ports["kube-apiserver"]}`,
    // Endpoints may not be loopback addresses; without real nodes nobody needs them.
    ...(nodes === "real" ? ["--endpoint-reconciler-type=master-count"] : ["--endpoint-reconciler-type=none"]),
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    `--cert-dir=${home.certificates}`,
    `--client-ca-file=${file("ca").certificate}`,
    `--tls-cert-file=${file("kube-apiserver").certificate}`,
    `--tls-private-key-file=${file("kube-apiserver").key}`,
    `--kubelet-certificate-authority=${file("ca").certificate}`,
    `--kubelet-client-certificate=${file("apiserver-kubelet-client").certificate}`,
    `--kubelet-client-key=${file("apiserver-kubelet-client").key}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${file("service-accounts").key}`,
    `--service-account-signing-key-file=${file("service-accounts").key}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    // Debian's etcd lacks what streamed lists need (it came with 3.4.25); told so at once, clients list as they always did,
    // else kwok's tries again only after ever longer pauses.
    "--feature-gates=WatchList=false",
    "--allow-privileged=true",
    "--profiling=false",
  ];
}

function controllerManagerFlags(home: Home, server: string): readonly string[] {
  const authority = certificateFiles(home, "ca");
  return [
    `--kubeconfig=${daemonKubeconfig(home, server, "kube-controller-manager")}`,
    `--service-account-private-key-file=${certificateFiles(home, "service-accounts").key}`,
    `--root-ca-file=${authority.certificate}`,
    `--cluster-signing-cert-file=${authority.certificate}`,
    `--cluster-signing-key-file=${authority.key}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    "--secure-port=0",
    "--profiling=false",
  ];
}
