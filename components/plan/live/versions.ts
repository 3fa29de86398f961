import { keysAt, listAt, textAt } from "./json";

/** A minor version of Kubernetes that a region makes clusters with. */
export interface OfferedVersion {
  readonly minor: string;
  readonly preview: boolean;
  /** Newest last. */
  readonly patches: readonly string[];
}

/** `values` and not `value`, as no other list of Azure: https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions */
export function offeredVersions(answer: unknown): readonly OfferedVersion[] {
  const versions = listAt(answer, "values").flatMap((each) => {
    const minor = textAt(each, "version");
    if (minor === undefined) return [];
    return [{ minor, preview: isTrue(each), patches: [...keysAt(each, "patchVersions")].sort(byNumbers) }];
  });
  return versions.sort((one, other) => byNumbers(one.minor, other.minor));
}

function isTrue(version: unknown): boolean {
  return typeof version === "object" && version !== null && "isPreview" in version && version.isPreview === true;
}

function byNumbers(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
