import type { Problem } from "../refuse";

/** Kubernetes minor versions that AKS supports, with the month community support ends. */
export const KUBERNETES_VERSIONS = {
  // https://learn.microsoft.com/azure/aks/supported-kubernetes-versions, read November 2026
  "1.34": "2026-11",
  "1.35": "2027-03",
  "1.36": "2027-06",
  "1.37": "2027-10",
} as const;

/** Month in which the dates above were read: what ends soon is counted from there, so that the same preview always reads the same. */
export const VERSIONS_READ = "2026-11";

/**
 * Minor version of Kubernetes that the catalogue knows, for example "1.36".
 * @useDeclaredType
 */
export type KubernetesVersion = keyof typeof KUBERNETES_VERSIONS;

/** Versions that AKS no longer creates clusters with, and the month their community support ended. */
export const ENDED_VERSIONS: Readonly<Record<string, string>> = {
  // The same page, its older states.
  "1.30": "2025-08",
  "1.31": "2025-11",
  "1.32": "2026-03",
  "1.33": "2026-07",
};
export const DEFAULT_KUBERNETES_VERSION: KubernetesVersion = "1.36";

/** Operating system of every node that this library declares. */
export const NODE_OS_SKU = "Ubuntu2404";

/** Version and node image from which the kubelet mounts an image as a volume: Kubernetes 1.36 with containerd 2.3. */
export const IMAGE_VOLUMES = { kubernetes: "1.36", osSku: NODE_OS_SKU } as const;

/** Whether nodes of this version and operating system mount image volumes (KEP-4639, containerd 2.1 and later). */
export function mountsImageVolumes(version: KubernetesVersion, osSku: string): boolean {
  return minor(version) >= minor(IMAGE_VOLUMES.kubernetes) && osSku === IMAGE_VOLUMES.osSku;
}

/** The problem of nodes that cannot mount what a pod brings as images, none or one. */
export function imageVolumeProblems(code: Problem["code"], what: string, pool: NodeImage): Problem[] {
  if (mountsImageVolumes(pool.kubernetesVersion, pool.osSku)) return [];
  return [
    {
      code,
      path: "pool",
      got: `Kubernetes ${pool.kubernetesVersion} on ${pool.osSku}`,
      rule: `${what} are mounted as image volumes, which needs Kubernetes ${IMAGE_VOLUMES.kubernetes} or later on ${IMAGE_VOLUMES.osSku}`,
      fix: `use a cluster with kubernetesVersion "${IMAGE_VOLUMES.kubernetes}" and a pool on ${IMAGE_VOLUMES.osSku}`,
    },
  ];
}

/** What decides whether a node can mount image volumes. */
export interface NodeImage {
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku: string;
}

/**
 * The last month in which AKS mends a version. Long-term support adds a year, for every version since 1.27 (Azure/AKS#5008):
 * https://learn.microsoft.com/azure/aks/long-term-support
 */
export function endOfSupport(version: KubernetesVersion, longTerm: boolean): string {
  const ends = KUBERNETES_VERSIONS[version];
  const [year, month] = ends.split("-");
  return longTerm ? `${Number(year) + 1}-${month}` : ends;
}

/** Whether a string from configuration names a supported version. */
export function isKubernetesVersion(version: string): version is KubernetesVersion {
  return Object.hasOwn(KUBERNETES_VERSIONS, version);
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}
