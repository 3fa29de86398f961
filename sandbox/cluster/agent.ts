import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson } from "../files";
import { type Home, sandboxHome } from "../home";
import { knownPorts } from "../ports";
import { ensureDaemon } from "../processes";
import { silentProgress } from "../progress";
import { ensureTools } from "../toolchain";
import { kaitoPools, KaitoOperator } from "../kaito/operator/operator";
import { PLAYED_BY } from "../kaito/marks";
import { hostAddress } from "./addresses";
import { type AzureState, poolsOf, registriesOf } from "./nodes/azure-state";
import { KubernetesClient } from "./client";
import { clusterSettings, type ClusterSettings } from "./cluster-settings";
import { daemonKubeconfig } from "./kubeconfig";
import { allowForwarding } from "./machine/network";
import { declareKarpenter, provisionedPools } from "./nodes/node-auto-provisioning";
import { NodeReconciler } from "./nodes/node-reconciler";
import { prepareRealNode } from "./machine/real-node";
import { azureRegistry, ensureRegistry, removeOtherRegistries } from "./registries";
import { isComplete, type KnownTools, knownTools } from "./tools";

const EVERY_MS = 400;
/** The cluster autoscaler's default on AKS: https://learn.microsoft.com/azure/aks/cluster-autoscaler */
const IDLE_SECONDS = 600;

/** Plays the parts of Azure that make agent pools into nodes and registries into servers, for one home. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { home: { type: "string" } } });
  const home = sandboxHome(values.home);
  const settings = clusterSettings(home);
  const tools = knownTools(home);
  if (settings === undefined || tools === undefined) throw new Error(`${home.dir} was never started`);

  const state = azureStateReader(home);
  await Promise.all([
    forever("registries", () => reconcileRegistries(home, settings, tools, state())),
    keepNodes(home, settings, tools, state),
  ]);
}

async function keepNodes(
  home: Home,
  settings: ClusterSettings,
  tools: KnownTools,
  state: () => AzureState | undefined,
): Promise<void> {
  const nodeTools = settings.nodes === "real" && isComplete(tools) ? tools : undefined;
  const client = KubernetesClient.of(home, settings.server, "agent");
  if (nodeTools !== undefined) {
    await allowForwarding(nodeTools.iptables);
    // While the API server is still starting. What fails here is tried again, and reported, with the node itself.
    await prepareRealNode(home, 1, nodeTools).catch((error: unknown) => log(`preparing the first node: ${messageOf(error)}`));
  }
  while (!(await client.isReady())) await sleep(100);
  await declareCsiDriver(client);
  const reconciler = new NodeReconciler({
    home,
    settings,
    client,
    nodeTools,
    idleMilliseconds: 1000 * Number(process.env["AKS_FINE_TUNING_IDLE_SECONDS"] ?? IDLE_SECONDS),
    log,
    ensureKwok: kwokKeeper(home, settings, tools),
  });
  const kaito = new KaitoOperator({ home, client, log });
  await Promise.all([
    forever("nodes", async () => {
      await declareKarpenter(client, state());
      const provisioned = await Promise.all([provisionedPools(client, state()), kaitoPools({ home, client, log, real: nodeTools !== undefined }, state())]);
      await reconciler.reconcile([...poolsOf(state()), ...provisioned.flat()]);
    }),
    forever("KAITO", () => kaito.reconcile(state())),
  ]);
}

async function reconcileRegistries(
  home: Home,
  settings: ClusterSettings,
  tools: KnownTools,
  state: AzureState | undefined,
): Promise<void> {
  const address = hostAddress(settings.nodes);
  const registries = registriesOf(state).map((resource) => azureRegistry(home, resource, address));
  await Promise.all(registries.map((registry) => ensureRegistry(home, registry, tools["docker-registry"])));
  await removeOtherRegistries(home, registries);
}

/** Without it the kubelet waits for somebody to attach the volume: https://kubernetes-csi.github.io/docs/csi-driver-object.html */
async function declareCsiDriver(client: KubernetesClient): Promise<void> {
  await client.create("/apis/storage.k8s.io/v1/csidrivers", {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name: "file.csi.azure.com" },
    spec: { attachRequired: false, podInfoOnMount: false, volumeLifecycleModes: ["Persistent"] },
  });
}

/** https://kwok.sigs.k8s.io/: keeps simulated nodes Ready and plays their pods. Its default stages are what is needed. */
function kwokKeeper(home: Home, settings: ClusterSettings, tools: KnownTools): () => Promise<void> {
  let program = tools.kwok;
  return async () => {
    // Beside real nodes it is seldom needed, and got only then.
    program ??= (await ensureTools(["kwok"], silentProgress)).kwok;
    await ensureDaemon(home, {
      name: "kwok",
      command: [
        program,
        `--kubeconfig=${daemonKubeconfig(home, settings.server, "kwok", "agent")}`,
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
        // Those pods take their time, and may fail: the operator stand-in plays them.
        `--disregard-status-with-annotation-selector=${PLAYED_BY}=kaito`,
        "--cidr=10.244.128.0/17",
        "--node-lease-duration-seconds=40",
        `--server-address=127.0.0.1:${knownPorts(home)["kwok"]}`,
      ],
      settings: settings.server,
    });
  };
}

/** Reads the file only when it has changed. */
function azureStateReader(home: Home): () => AzureState | undefined {
  let version = "";
  let state: AzureState | undefined;
  return () => {
    const stat = fs.statSync(home.azureState, { throwIfNoEntry: false });
    const current = stat === undefined ? "" : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
    if (current !== version) state = stat === undefined ? undefined : readJson<AzureState>(home.azureState);
    version = current;
    return state;
  };
}

/** Goes on after failures, and says each one once. */
async function forever(what: string, work: () => Promise<void>): Promise<never> {
  let last = "";
  for (;;) {
    const problem = await work().then(
      () => "",
      messageOf,
    );
    if (problem !== last) log(problem === "" ? `${what}: all is well again` : `${what}: ${problem}`);
    last = problem;
    await sleep(EVERY_MS);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

main().catch((error: unknown) => {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
