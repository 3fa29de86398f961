import { POD_SECURITY_LEVELS, type PodSecurity } from "../manifests/pod-security";
import type { Problem } from "../refuse";
import { choiceProblems } from "../spelling";
import type { ContainerFigures } from "./quota";

export interface PodSecurityDecisions {
  /**
   * What the namespace asks of its pods. "baseline" lets in pods that run as root but none that reach the node: KAITO's, which nobody can change.
   * Whoever may make pods there may then do the same, so a team of its own for KAITO is best. A lower level than "restricted" wants `memoryGiB` and
   * `localDiskGiB` of `containers`: KAITO's containers name no limit, and what they then get ends them when they pass it.
   * @default "restricted"
   */
  readonly podSecurity?: PodSecurity;
}

const FIGURES = { memoryGiB: 1, localDiskGiB: 100 } as const;

/** Names of the labels are Kubernetes': https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export function podSecurityProblems({ podSecurity = "restricted" }: PodSecurityDecisions, containers: ContainerFigures = {}): Problem[] {
  const choice = choiceProblems("AKSFT-TEAM-18", "podSecurity", podSecurity, POD_SECURITY_LEVELS);
  if (choice.length > 0 || podSecurity === "restricted") return choice;
  const silent = Object.entries(FIGURES).filter(([name]) => containers[name as keyof typeof FIGURES] === undefined);
  return silent.map(([name, figure]) => {
    const rule = `with podSecurity "${podSecurity}" must be given: a container that names no limit, as KAITO's, gets ${figure} GiB otherwise, and is ended when it passes that`;
    const fix = `use what the team's largest node has, for example 220 GiB of memory and 300 GiB of disk on Standard_NC24ads_A100_v4, or ${figure}`;
    return { code: "AKSFT-TEAM-19", path: `containers.${name}`, got: undefined, rule, fix };
  });
}
