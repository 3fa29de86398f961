/** Patch that AKS runs for a minor version named without one; the sandbox's own cluster is 1.36.3. */
const PATCHES: Readonly<Record<string, string>> = {
  "1.33": "1.33.8",
  "1.34": "1.34.5",
  "1.35": "1.35.4",
  "1.36": "1.36.3",
  "1.37": "1.37.0",
};

/** Community support has ended: learn.microsoft.com/azure/aks/supported-kubernetes-versions, read November 2026. */
const LONG_TERM_ONLY = ["1.33"];

export const DEFAULT_VERSION = "1.36";

export function isSupported(version: string): boolean {
  return PATCHES[minorOf(version)] !== undefined;
}

export function isLongTermOnly(version: string): boolean {
  return LONG_TERM_ONLY.includes(minorOf(version));
}

export function fullVersion(version: string): string {
  return version.split(".").length > 2 ? version : (PATCHES[version] ?? version);
}

export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

export const SUPPORTED_VERSIONS: readonly string[] = Object.keys(PATCHES);
