import type { GpuSizeFacts } from "../catalogue/gpu-sizes";
import type { GpuPoolDecisions } from "./decisions";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";
import { oneOf } from "../spelling";

const TYPES = ["Ephemeral", "Managed"];
/** https://learn.microsoft.com/azure/virtual-machines/ephemeral-os-disks */
const LARGEST_EPHEMERAL = 2048;
/** What AKS gives where nothing is asked for: https://learn.microsoft.com/azure/aks/concepts-storage#ephemeral-os-disk */
const USUAL_SIZE = 128;

type DiskDecisions = Pick<GpuPoolDecisions, "osDiskType" | "osDiskSizeGb" | "evictionPolicy">;

export interface OsDisk {
  readonly type?: "Ephemeral" | "Managed";
  readonly sizeGb?: number;
  /** The type where the caller does not say one. */
  readonly usualType?: "Ephemeral" | "Managed";
}

/**
 * A local disk costs nothing and is faster (PSRule Azure.AKS.EphemeralOSDisk, CKV_AZURE_226). Where none is known to be large enough nothing
 * is declared: AKS takes a local one if the size's cache, which Azure does not document for all sizes, holds it, else a managed one.
 */
export function osDiskOf(facts: GpuSizeFacts, { osDiskType, osDiskSizeGb, evictionPolicy }: DiskDecisions): OsDisk {
  const fits = largestEphemeral(facts) >= (osDiskSizeGb ?? USUAL_SIZE);
  const beyond = osDiskSizeGb === undefined ? undefined : "Managed";
  // A deallocated machine loses its local disks: https://learn.microsoft.com/azure/aks/scale-down-mode
  const usualType = evictionPolicy === "Deallocate" ? "Managed" : fits ? "Ephemeral" : beyond;
  return { type: osDiskType ?? usualType, sizeGb: osDiskSizeGb, usualType };
}

function largestEphemeral(facts: GpuSizeFacts): number {
  return Math.min(facts.tempDiskGiB ?? 0, LARGEST_EPHEMERAL);
}

export function osDiskProblems(size: string, facts: GpuSizeFacts | undefined, decisions: DiskDecisions): Problem[] {
  const { osDiskType, osDiskSizeGb, evictionPolicy } = decisions;
  // The smallest node image needs 30 GB; 2 TiB is the largest disk that AKS makes.
  const sizes = osDiskSizeGb === undefined ? [] : wholeNumber("AKSFT-POOL-13", "osDiskSizeGb", osDiskSizeGb, 30, 2048);
  const problem = { code: "AKSFT-POOL-13", path: "osDiskType", got: osDiskType } as const;
  if (osDiskType !== undefined && !TYPES.includes(osDiskType)) {
    return [...sizes, { ...problem, rule: `is none of ${TYPES.join(", ")}`, fix: oneOf(osDiskType, TYPES) }];
  }
  if (osDiskType !== "Ephemeral" || !facts || sizes.length > 0) return sizes;
  const wanted = osDiskSizeGb ?? USUAL_SIZE;
  const largest = largestEphemeral(facts);
  if (largest < wanted) {
    const held = largest === 0 ? "has no local disk known to hold an operating system" : `has a local disk of ${largest} GB for it`;
    const smaller = largest < 30 ? "" : `osDiskSizeGb ${largest}, or `;
    return [{ ...problem, rule: `a disk of ${wanted} GB is asked for, and ${size} ${held}`, fix: `use ${smaller}osDiskType "Managed"` }];
  }
  if (evictionPolicy !== "Deallocate") return [];
  const rule = "a deallocated node loses its local disks, and evictionPolicy is Deallocate";
  return [{ ...problem, rule, fix: 'use osDiskType "Managed", or evictionPolicy "Delete"' }];
}
