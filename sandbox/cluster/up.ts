import * as fs from "node:fs";
import * as path from "node:path";
import { RESOURCE_MANAGER, STAND_INS } from "../environment";
import { writeIfChanged } from "../files";
import { type Home, PROJECT_ROOT } from "../home";
import { choosePorts, type Ports } from "../ports";
import { ensureDaemon, runningDaemons } from "../processes";
import type { Progress } from "../progress";
import { ensureTools } from "../toolchain";
import { hostAddress, LOOPBACK } from "./addresses";
import { alone } from "./alone";
import { certificateFiles, ensureCertificates } from "./certificates";
import { type ClusterSettings, rememberClusterSettings } from "./cluster-settings";
import { apiServerUrl, CONTROL_PLANE_DAEMONS, ensureControlPlane } from "./control-plane";
import { writeDynamicProviders } from "./dynamic-providers";
import { decideNodes, type NodesDecision } from "./nodes/decide-nodes";
import { writeAdminKubeconfig, writeKubelogin } from "./kubeconfig";
import { addAddress } from "./machine/network";
import { answering, ensureRegistry, PUBLIC_REGISTRY, publicRegistry } from "./registries";
import { ensureStandIns, typescriptDaemon } from "./stand-ins";
import { CONTROL_TOOLS, rememberTools } from "./tools";
import { hasNoContainers, waitForNodes, waitForPods } from "./nodes/wait-for-nodes";

export interface SandboxUpOptions {
  /** `auto` takes real nodes where the machine allows; `real` fails where it does not. */
  readonly nodes: "real" | "simulated" | "auto";
}

export interface Sandbox {
  readonly nodes: "real" | "simulated";
  /** Why nodes are simulated. */
  readonly reason?: string;
  readonly apiServer: string;
  /** HOST:PORT of the registry that stands for public ones. */
  readonly publicRegistry: string;
}

/** Brings up whatever is missing of the sandbox in `home`. */
export async function sandboxUp(home: Home, progress: Progress, options: SandboxUpOptions): Promise<Sandbox> {
  fs.mkdirSync(home.dir, { recursive: true });
  const control = await ensureTools(CONTROL_TOOLS, progress);
  return alone(home, async () => {
    const decision = await decideNodes(home, progress, options.nodes, control);
    const kwok = decision.nodes === "simulated" ? await ensureTools(["kwok"], progress) : {};
    rememberTools(home, { ...decision.tools, ...kwok });
    const settings = await prepare(home, decision);
    const work = () => start(home, decision, settings.ports, settings.cluster);
    if (isUp(home)) await work();
    else await progress.step(titleOf(decision), work);
    const { server, nodes, reason, publicRegistry: registry } = settings.cluster;
    return { nodes, ...(reason === undefined ? {} : { reason }), apiServer: server, publicRegistry: registry };
  });
}

function titleOf({ nodes, reason }: NodesDecision): string {
  return nodes === "real" ? "Sandbox started" : `Sandbox started with simulated nodes, so its pods only seem to run (${reason})`;
}

function isUp(home: Home): boolean {
  const running = new Set(runningDaemons(home).map(({ name }) => name));
  const wanted = [...CONTROL_PLANE_DAEMONS, PUBLIC_REGISTRY, "agent", ...STAND_INS.map((name) => `provider-${name}`)];
  return wanted.every((name) => running.has(name));
}

/** Everything that daemons read when they start. */
async function prepare(home: Home, { nodes, reason, tools }: NodesDecision): Promise<{ ports: Ports; cluster: ClusterSettings }> {
  const address = hostAddress(nodes);
  if (nodes === "real" && tools.ip !== undefined) await addAddress(tools.ip, address);
  const ports = await choosePorts(home, [
    { name: "etcd", address: LOOPBACK },
    { name: "etcd-peer", daemon: "etcd", address: LOOPBACK },
    { name: "kube-apiserver", address, preferred: 6443 },
    { name: PUBLIC_REGISTRY, address, preferred: 5000 },
    { name: "kwok", address: LOOPBACK },
    ...STAND_INS.map((name) => ({ name: `provider-${name}`, address: LOOPBACK })),
    { name: RESOURCE_MANAGER, daemon: "provider-azure-native", address: LOOPBACK },
  ]);
  await ensureCertificates(home, tools.openssl);
  const server = apiServerUrl(nodes, ports);
  writeAdminKubeconfig(home, server);
  writeKubelogin(home);
  writeDynamicProviders(home, tools.pulumi);
  const caCertificate = fs.readFileSync(certificateFiles(home, "ca").certificate).toString("base64");
  writeIfChanged(home.seam, `${JSON.stringify({ apiServer: server, caCertificate, registryHost: address }, undefined, 1)}\n`);
  for (const folder of [home.pulumi, home.pulumiHome]) fs.mkdirSync(folder, { recursive: true });
  const registry = `${address}:${ports[PUBLIC_REGISTRY]}`;
  const cluster = { nodes, ...(reason === undefined ? {} : { reason }), server, publicRegistry: registry };
  rememberClusterSettings(home, cluster);
  return { ports, cluster };
}

async function start(home: Home, { nodes, tools }: NodesDecision, ports: Ports, cluster: ClusterSettings): Promise<void> {
  const registry = publicRegistry(home, hostAddress(nodes), ports[PUBLIC_REGISTRY] ?? 0);
  const cold = nodes === "real" && hasNoContainers(home);
  const began = Date.now();
  await Promise.all([
    ensureControlPlane(home, { tools, ports, nodes }),
    // Starts the first node's containerd while the API server is coming up.
    ensureDaemon(home, agentDaemon(home, cluster)),
    ensureStandIns(home, ports, tools),
    ensureRegistry(home, registry, tools["docker-registry"]).then(() => answering(home, registry)),
  ]);
  await waitForNodes(home, cluster);
  if (cold) await waitForPods(home, cluster, began);
}

function agentDaemon(home: Home, cluster: ClusterSettings) {
  const command = [path.join(PROJECT_ROOT, "sandbox/cluster/agent.ts"), "--home", home.dir];
  const daemon = typescriptDaemon(home, "agent", command, ["sandbox/cluster", "sandbox/kaito", "components/plan/catalogue"]);
  return { ...daemon, settings: `${daemon.settings} ${JSON.stringify(cluster)}` };
}
