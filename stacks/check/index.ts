import { DEFAULT_KUBERNETES_VERSION } from "../../components/plan/catalogue/kubernetes-versions";
import { minorOf } from "../../components/plan/cluster/version";
import type { Problem } from "../../components/plan/refuse";
import type { Platform } from "../platform";
import type { Settings } from "../settings";
import { kaitoProblems, plannedKaito } from "./kaito";
import { plannedCluster, plannedPools, platformProblems } from "./platform";
import { servingProblems, tuningProblems, type Foundation } from "./workloads";

/**
 * What every component's plan would refuse, with the keys of the configuration, before the first of them is constructed: a faulty dataset must
 * not leave a cluster behind, and whoever mends one fault should not meet the next at the next `up`.
 */
export function stackProblems(settings: Settings, existing: Platform | undefined, project: string, stack: string): Problem[] {
  const { platform, tuning, serving } = settings;
  const base: Foundation = { ...foundation(settings, existing), project, stack };
  const found = [
    ...settings.problems,
    ...(platform ? [...platformProblems(platform, project, stack), ...kaitoProblems(platform)] : []),
    ...(tuning ? tuningProblems(tuning, settings, base) : []),
    ...(tuning && serving ? servingProblems(serving, tuning, base) : []),
  ];
  // One argument can be checked by two components, and a key that is missing is not also malformed.
  return found.filter((problem, index) => found.findIndex(({ path }) => path === problem.path) === index);
}

function foundation({ platform }: Settings, existing: Platform | undefined): Omit<Foundation, "project" | "stack"> {
  if (existing) {
    const { cluster, pools, kaito } = existing;
    return { cluster, pools, kaito, kaitoKey: "platformStack", kubernetesVersion: cluster.kubernetesVersion };
  }
  if (!platform) return { cluster: {}, pools: {}, kubernetesVersion: DEFAULT_KUBERNETES_VERSION };
  const kubernetesVersion = minorOf(platform.cluster.kubernetesVersion ?? DEFAULT_KUBERNETES_VERSION);
  return { cluster: plannedCluster(platform), pools: plannedPools(platform), kaito: plannedKaito(platform), kaitoKey: "kaito", kubernetesVersion };
}
