import type { KaitoVersionFacts } from "../catalogue/kaito-versions";
import type { PodSecurity } from "../manifests/pod-security";
import type { Problem } from "../refuse";

/** KAITO's pods name no security context, and nobody can add one. A level that is not known is not refused. */
export function kaitoPodSecurityProblems(
  code: Problem["code"],
  level: PodSecurity | undefined,
  { version, facts }: { readonly version: string; readonly facts: KaitoVersionFacts },
): Problem[] {
  if (level !== "restricted") return [];
  const rule = `keeps out the pods of KAITO ${version}, which name no security context and need "${facts.podSecurity}"`;
  return [{ code, path: "team.podSecurity", got: level, rule, fix: `make a team of its own with podSecurity "${facts.podSecurity}"` }];
}
