import type { Input } from "@pulumi/pulumi";
import type { Problem } from "../refuse";

const REGION = /^[a-z][a-z0-9]+$/;

/** Regions as Azure spells them in ids: "West Europe" is "westeurope". */
export function replicaRegions(replicas: readonly string[]): string[] {
  return replicas.map(region);
}

function region(text: string): string {
  return text.toLowerCase().replaceAll(" ", "");
}

/** Each copy is in another region than the registry and than the other copies. */
export function replicaProblems(replicas: readonly string[], location: Input<string> | undefined): Problem[] {
  const home = typeof location === "string" ? region(location) : undefined;
  const regions = replicaRegions(replicas);
  return regions.flatMap((at, index): Problem[] => {
    const path = `replicas[${index}]`;
    const got = replicas[index];
    if (!REGION.test(at)) return [{ code: "AKSFT-REG-05", path, got, rule: "is not an Azure region", fix: 'use for example "northeurope"' }];
    if (at === home) return [{ code: "AKSFT-REG-05", path, got, rule: "is the registry's own region", fix: "remove it; the registry itself is there" }];
    const first = regions.indexOf(at);
    return first < index ? [{ code: "AKSFT-REG-05", path, got, rule: `repeats replicas[${first}]`, fix: "remove it" }] : [];
  });
}
