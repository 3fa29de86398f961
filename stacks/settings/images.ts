import type * as pulumi from "@pulumi/pulumi";
import { digestProblems } from "../../components/plan/dataset-image";
import type { Problem } from "../../components/plan/refuse";

const IMAGE_KEYS = ["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage", "kaitoImage", "gpuProvisionerImage"] as const;

/** Images of the configuration that do not name their content. */
export function imageProblems(config: pulumi.Config): Problem[] {
  return IMAGE_KEYS.flatMap((key) => {
    const image = config.get(key);
    return image ? digestProblems("AKSFT-STACK-04", key, image) : [];
  });
}
