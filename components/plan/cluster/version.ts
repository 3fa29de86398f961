import {
  DEFAULT_KUBERNETES_VERSION,
  ENDED_VERSIONS,
  endOfSupport,
  isKubernetesVersion,
  KUBERNETES_VERSIONS,
  type KubernetesVersion,
} from "../catalogue/kubernetes-versions";
import type { Problem } from "../refuse";

/** A minor version, of which AKS takes the newest patch, or one patch of it. */
export type ClusterVersion = KubernetesVersion | `${KubernetesVersion}.${number}`;

const CODE = "AKSFT-CLUSTER-01";
const MINOR_OR_PATCH = /^(\d+\.\d+)(?:\.\d+)?$/;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** The minor version of one that was accepted. */
export function minorOf(version: string): KubernetesVersion {
  const minor = MINOR_OR_PATCH.exec(version)?.[1] ?? "";
  return isKubernetesVersion(minor) ? minor : DEFAULT_KUBERNETES_VERSION;
}

/** Today, by which support is judged unless the program names another day. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Problems of the version itself and of its support on a day. */
export function versionProblems(version: string, asOf: string, longTerm: boolean): Problem[] {
  if (!DAY.test(asOf)) {
    return [{ code: "AKSFT-CLUSTER-04", path: "asOf", got: asOf, rule: "needs a day as year-month-day", fix: 'use for example "2026-11-26"' }];
  }
  const supported = Object.keys(KUBERNETES_VERSIONS).filter(
    (known) => isKubernetesVersion(known) && endOfSupport(known, longTerm) >= asOf.slice(0, 7),
  );
  const minor = MINOR_OR_PATCH.exec(version)?.[1];
  if (minor !== undefined && supported.includes(minor)) return [];
  return [{ code: CODE, path: "kubernetesVersion", got: version, rule: ruleOf(minor, asOf, longTerm, supported), fix: fixOf(version, minor, longTerm, supported) }];
}

function ruleOf(minor: string | undefined, asOf: string, longTerm: boolean, supported: readonly string[]): string {
  const all = `AKS supports ${supported.join(", ")} on ${asOf}`;
  if (minor === undefined) return `${all} and wants the form 1.36 or 1.36.2`;
  const ended = isKubernetesVersion(minor) ? endOfSupport(minor, longTerm) : ENDED_VERSIONS[minor];
  return ended === undefined ? all : `${minor} left ${longTerm ? "long-term" : "community"} support at the end of ${ended}; ${all}`;
}

function fixOf(version: string, minor: string | undefined, longTerm: boolean, supported: readonly string[]): string {
  const bare = version.replace(/^v/i, "");
  const meant = MINOR_OR_PATCH.exec(bare)?.[1];
  if (meant !== undefined && supported.includes(meant)) return `use "${bare}"`;
  const current = supported.includes(DEFAULT_KUBERNETES_VERSION) ? DEFAULT_KUBERNETES_VERSION : supported.at(-1);
  if (current === undefined) return "use a newer release of this library";
  const longer = minor !== undefined && isKubernetesVersion(minor) && !longTerm;
  return longer ? `use "${current}", or tier "Premium" with supportPlan "AKSLongTermSupport" for one more year` : `use "${current}"`;
}
