import {
  DEFAULT_KUBERNETES_VERSION,
  IMAGE_VOLUMES,
  imageVolumeProblems,
  isKubernetesVersion,
  KUBERNETES_VERSIONS,
  type KubernetesVersion,
  mountsImageVolumes,
} from "../../../components/plan/catalogue/kubernetes-versions";

const VERSIONS = Object.keys(KUBERNETES_VERSIONS).filter(isKubernetesVersion);

describe("Kubernetes versions", () => {
  it("are listed with the month their support ends, each after the one before", () => {
    expect(VERSIONS).toEqual(["1.34", "1.35", "1.36", "1.37"]);
    const ends = VERSIONS.map((version) => KUBERNETES_VERSIONS[version]);
    expect(ends).toEqual([...ends].sort());
    expect(ends.join(" ")).toMatch(/^(\d{4}-(0[1-9]|1[0-2]) ?){4}$/);
  });

  it("default to the first that mounts image volumes", () => {
    expect(DEFAULT_KUBERNETES_VERSION).toBe(IMAGE_VOLUMES.kubernetes);
  });

  it("are told from other strings", () => {
    expect(["1.30", "latest", "v1.36", "1.36.3", "toString", ""].filter(isKubernetesVersion)).toEqual([]);
  });
});

describe("image volumes", () => {
  it.each<[KubernetesVersion, string, boolean]>([
    ["1.35", "Ubuntu2404", false],
    ["1.36", "Ubuntu2404", true],
    ["1.37", "Ubuntu2404", true],
    ["1.37", "Ubuntu2204", false],
    ["1.37", "AzureLinux", false],
  ])("on Kubernetes %s with %s are mounted: %p", (kubernetesVersion, osSku, mounted) => {
    expect(mountsImageVolumes(kubernetesVersion, osSku)).toBe(mounted);
    expect(imageVolumeProblems("AKSFT-TUNE-13", "weights", { kubernetesVersion, osSku })).toHaveLength(mounted ? 0 : 1);
  });
});
