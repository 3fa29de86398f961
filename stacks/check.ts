import { RunError } from "@pulumi/pulumi/errors";
import { rightSize } from "../components";
import { NODE_OS_SKU } from "../components/plan/catalogue/kubernetes-versions";
import { planCluster } from "../components/plan/cluster";
import { planDatasetImage } from "../components/plan/dataset-image";
import { planGpuPool } from "../components/plan/gpu-pool";
import { planServing } from "../components/plan/serving";
import { planTeam } from "../components/plan/team";
import { checkTrainerImage } from "../components/plan/trainer-image";
import { planTuningRun } from "../components/plan/tuning-run";
import type { Settings } from "./settings";

/**
 * Asks every component's plan what it would refuse, before the first of them is constructed: a faulty dataset must not leave a cluster behind,
 * and whoever mends one fault should not meet the next at the next `up`.
 */
export function checkDeployment({ platform, tuning, layers }: Settings, project: string, stack: string): void {
  const { kubernetesVersion, systemNodes, maxGpuNodes, location } = platform;
  const size = rightSize(tuning.recipe, { location, priority: platform.spot ? "Spot" : "Regular" });
  const checks: (() => unknown)[] = [
    () => planCluster("ai", { environment: "development", kubernetesVersion, systemPool: { nodes: systemNodes } }),
    () => planGpuPool("gpu", { size, maxNodes: maxGpuNodes }),
  ];
  if (layers.includes("tuning")) {
    const { run, team, recipe, dataset } = tuning;
    const pool = { ...size.shape, priority: size.priority, kubernetesVersion, osSku: NODE_OS_SKU };
    const placed = { ...pool, maxNodes: maxGpuNodes, nodeSelector: {}, tolerations: [] };
    checks.push(
      () => planTeam(team, project, stack, {}),
      () => planDatasetImage(run, { file: dataset }),
      () => checkTrainerImage("trainer", tuning.trainerImage),
      () => planTuningRun(run, { recipe, namespace: team, dataset: { contentKey: "" }, pool }),
      ...(layers.includes("serving") ? [() => planServing(run, { model: recipe.model, adapters: [], pool: placed })] : []),
    );
  }
  refuseTogether(checks);
}

function refuseTogether(checks: readonly (() => unknown)[]): void {
  const refusals = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (RunError.isInstance(error)) return [error.message];
      throw error;
    }
  });
  if (refusals.length > 0) throw new RunError(refusals.join("\n"));
}
