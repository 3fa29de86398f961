import { type GpuSupportArgs, type KaitoOperatorArgs, type KaitoRef, type PoolRef } from "../components";
import { kaitoFacts } from "../components/plan/catalogue/kaito-versions";
import type { KubernetesVersion } from "../components/plan/catalogue/kubernetes-versions";
import { devicePluginOf, provisionerOf } from "../components/plan/kaito/operator/provisioner";
import { datasetWayProblems } from "../components/plan/kaito/tuning/inputs";
import type { TuningSettings } from "./settings";
import type { KaitoSettings } from "./settings/component-arguments";
import type { PlatformSettings } from "./settings/platform";

/** Arguments of the operator. The stack's tags go where it has something that takes them, and nowhere else: unread arguments are refused. */
export function kaitoArguments(kaito: KaitoSettings, platform: PlatformSettings): Omit<KaitoOperatorArgs, "cluster"> {
  const { kaitoImage: image, gpuProvisionerImage: provisionerImage, cluster, tags } = platform;
  const hasIdentity = kaito.channel !== "add-on" && provisionerOf(kaito, cluster) === "azure-gpu-provisioner";
  return { ...kaito, image, provisionerImage, ...(hasIdentity ? { tags } : {}) };
}

/** What the GPU support leaves to KAITO, and whether it serves KAITO's nodes: one device plugin a node, metrics of them all. */
export function supportBesideKaito({ kaito, cluster }: PlatformSettings): Pick<GpuSupportArgs, "devicePlugin" | "kaitoNodes"> {
  if (!kaito) return {};
  const plugin = devicePluginOf(kaito);
  return { devicePlugin: plugin !== "kaito", kaitoNodes: plugin !== "other" && provisionerOf(kaito, cluster) !== "byo" };
}

/** What decides where a run of KAITO's is and how it gets its rows. */
export interface KaitoGround {
  readonly kaito: KaitoRef;
  readonly kubernetesVersion: KubernetesVersion;
  readonly pools: Readonly<Record<string, PoolRef>>;
}

/** The node that KAITO makes or the pool by its name, and the repository that a secret has to open where the rows' image cannot be mounted. */
export function kaitoPlace({ run, size, pool: name }: TuningSettings, { kaito, kubernetesVersion, pools }: KaitoGround) {
  const { version, nodeProvisioner } = kaito;
  const pool = name === undefined ? undefined : pools[name];
  const facts = kaitoFacts(version);
  const way = { repository: undefined, pool, kubernetesVersion };
  const pulled = facts !== undefined && datasetWayProblems(way, { version, facts, nodeProvisioner }).length > 0;
  // Where `DatasetImage` puts it.
  return { size, pool, repository: pulled ? `datasets/${run}` : undefined };
}

/** The platform's KAITO, for what runs on it. */
export function kaitoOf({ kaito }: { readonly kaito?: KaitoRef }): KaitoRef {
  // The configuration was checked before anything was registered.
  if (!kaito) throw new Error("the platform has no KAITO");
  return kaito;
}
