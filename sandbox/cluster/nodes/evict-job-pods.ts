import type { Home } from "../../home";
import { runningDaemons, stopDaemons } from "../../processes";
import { until } from "../../until";
import { KubernetesClient } from "../client";
import { clusterSettings } from "../cluster-settings";
import type { Pod } from "./pod-fit";

/** Enough for a trainer to write a checkpoint; what needs longer is stopped with the rest. */
const PATIENCE_MS = 30_000;

/**
 * Evicts running pods of Jobs, so that a run that is stopped here saves its work and goes on at the next start: pods that are
 * merely killed count as failures of their Job, evicted ones do not (DisruptionTarget).
 */
export async function evictJobPods(home: Home): Promise<void> {
  const settings = clusterSettings(home);
  const running = new Set(runningDaemons(home).map(({ name }) => name));
  if (settings?.nodes !== "real" || !["etcd", "kube-apiserver", "node1-kubelet"].every((name) => running.has(name))) return;
  const client = KubernetesClient.of(home, settings.server, "admin");
  try {
    const pods = await runningJobPods(client);
    if (pods.length === 0) return;
    // Or the replacements would be running before everything has stopped.
    await stopDaemons(home, ["kube-scheduler"]);
    await Promise.all(pods.map((pod) => evict(client, pod)));
    const names = new Set(pods.map(({ metadata }) => metadata.uid));
    const gone = async () =>
      (await runningJobPods(client)).some(({ metadata }) => names.has(metadata.uid)) ? undefined : true;
    await until(gone, { timeoutMs: PATIENCE_MS, everyMs: 200, late: () => "" });
  } catch {
    // An API server that is not well must not keep anybody from stopping it.
  } finally {
    client.close();
  }
}

async function runningJobPods(client: KubernetesClient): Promise<readonly Pod[]> {
  const { items } = await client.get<{ items: readonly Pod[] }>("/api/v1/pods");
  return items.filter(
    ({ metadata, spec, status }) =>
      metadata.ownerReferences?.some(({ kind }) => kind === "Job") === true &&
      spec.nodeName !== undefined &&
      (status?.phase === "Running" || status?.phase === "Pending"),
  );
}

async function evict(client: KubernetesClient, { metadata: { name, namespace } }: Pod): Promise<void> {
  await client.create(`/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace },
  });
}
