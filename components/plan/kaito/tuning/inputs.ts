import { IMAGE_VOLUMES, type KubernetesVersion, mountsImageVolumes } from "../../catalogue/kubernetes-versions";
import { digestProblems } from "../../dataset-image";
import { parseImageReference } from "../../image-reference";
import { nameProblems } from "../../names";
import type { Problem } from "../../refuse";
import { repositoryProblems } from "../../registry/repositories";
import type { KaitoPool } from "./place";
import type { KaitoInstallation } from "./preset";

/** Names that KAITO builds of a Workspace's: a static NodePool's and a label's value are its namespace and name together. */
const LONGEST_TOGETHER = 63;

export function workspaceNameProblems(name: string, namespace: string): Problem[] {
  const own = nameProblems("workload", "name", name);
  const together = namespace.length + 1 + name.length;
  if (own.length > 0 || together <= LONGEST_TOGETHER) return own;
  const rule = `makes with its namespace, ${namespace}-${name}, a name of ${together} characters, at most ${LONGEST_TOGETHER}`;
  const fix = `shorten it by ${together - LONGEST_TOGETHER}`;
  return [{ code: "AKSFT-KAITO-33", path: "name", got: name, rule, fix }];
}

/** What decides how a dataset reaches the pod. */
export interface DatasetWay {
  /** Repository that a pull secret opens; nothing mounts the image instead, pulled by the nodes' own identity. */
  readonly repository: string | undefined;
  readonly pool: KaitoPool | undefined;
  readonly kubernetesVersion: KubernetesVersion;
}

/** Images are mounted where operator, provisioner and node can; a pull secret works with all. */
export function datasetWayProblems({ repository, pool, kubernetesVersion }: DatasetWay, { version, facts, nodeProvisioner }: KaitoInstallation): Problem[] {
  if (repository !== undefined) return repositoryProblems("AKSFT-DATA-05", "datasets.repository", repository);
  const [code, path, got] = ["AKSFT-KAITO-35", "datasets", undefined] as const;
  const fix = "give datasets, the registry and repository of the image, for which a pull secret is made";
  if (!facts.imageVolumes) return [{ code, path, got, rule: `is needed with KAITO ${version}, whose pods cannot mount the dataset's image`, fix }];
  if (pool === undefined && nodeProvisioner === "karpenter") {
    // charts/kaito/workspace/values.yaml, karpenterProviders.azure.nodeClasses; containerd 1.7 mounts no image.
    return [{ code, path, got, rule: "is needed on KAITO's Karpenter nodes, Ubuntu 22.04, which mount no image", fix }];
  }
  const kubernetes = pool?.kubernetesVersion ?? kubernetesVersion;
  if (mountsImageVolumes(kubernetes, pool?.osSku ?? IMAGE_VOLUMES.osSku)) return [];
  const node = pool === undefined ? `Kubernetes ${kubernetes}` : `Kubernetes ${kubernetes} on ${pool.osSku}`;
  const rule = `is needed with ${node}: images are mounted from Kubernetes ${IMAGE_VOLUMES.kubernetes} on ${IMAGE_VOLUMES.osSku}`;
  return [{ code, path, got, rule, fix }];
}

/** The dataset's image, as far as it is known: by digest, and not where the adapter is pushed. */
export function datasetImageProblems(image: string, output: { readonly loginServer: string | undefined; readonly repository: string }): Problem[] {
  const path = "dataset.image";
  const moving = digestProblems("AKSFT-DATA-04", path, image);
  const reference = parseImageReference(image);
  if (reference?.registry !== output.loginServer || reference?.repository !== output.repository) return moving;
  const rule = `is in ${output.repository}, which the run's adapter is pushed to and which its push secret can overwrite`;
  const fix = `keep datasets in another repository, for example "datasets/${output.repository.split("/").at(-1) ?? ""}"`;
  return [...moving, { code: "AKSFT-KAITO-36", path, got: image, rule, fix }];
}
