import type { Problem } from "./refuse";
import { shortHash } from "./digest";

/** What a name may look like, and how to mend one that does not. */
interface NameRule {
  readonly code: Problem["code"];
  readonly pattern: RegExp;
  readonly shortest: number;
  readonly longest: number;
  readonly characters: string;
  readonly mend: (name: string) => string;
}

const lower = (name: string): string => name.toLowerCase();
/** The first characters, without punctuation at either end. */
const trimmed = (name: string, longest: number): string => name.replace(/^[_-]+/, "").slice(0, longest).replace(/[_-]+$/, "");
const dashed = (name: string, longest: number): string => trimmed(lower(name).replace(/[^a-z0-9]+/g, "-"), longest) || "name";

/**
 * Rules of names by what carries them.
 * Azure: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 * Kubernetes: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
const RULES = {
  registry: {
    code: "AKSFT-NAME-01",
    pattern: /^[a-zA-Z0-9]*$/,
    shortest: 5,
    longest: 50,
    characters: "letters and digits",
    mend: (name) => name.replace(/[^a-zA-Z0-9]/g, "").padEnd(5, "registry").slice(0, 50),
  },
  cluster: {
    code: "AKSFT-NAME-02",
    pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?$/,
    shortest: 1,
    longest: 63,
    characters: "letters, digits, hyphens and underscores, with a letter or digit at both ends",
    mend: (name) => trimmed(name.replace(/[^a-zA-Z0-9_-]/g, "-"), 63) || "cluster",
  },
  // 12 in Azure; 4 are kept for the hash that lets a replacement stand beside the pool it replaces.
  nodePool: {
    code: "AKSFT-NAME-03",
    pattern: /^[a-z][a-z0-9]*$/,
    shortest: 1,
    longest: 8,
    characters: "lower-case letters and digits, a letter first (4 more characters are kept for replacements)",
    mend: (name) => lower(name).replace(/[^a-z0-9]/g, "").replace(/^[0-9]+/, "").slice(0, 8) || "gpu",
  },
  // A DNS label; the longest suffix we add to one is "-", the run id and "-preflight".
  workload: {
    code: "AKSFT-NAME-04",
    pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    shortest: 1,
    longest: 40,
    characters: "lower-case letters, digits and hyphens, with a letter or digit at both ends",
    mend: (name) => dashed(name, 40),
  },
  namespace: {
    code: "AKSFT-NAME-05",
    pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    shortest: 1,
    longest: 63,
    characters: "lower-case letters, digits and hyphens, with a letter or digit at both ends",
    mend: (name) => dashed(name, 63),
  },
  resourceGroup: {
    code: "AKSFT-NAME-06",
    pattern: /^[\p{L}\p{N}._()-]*[\p{L}\p{N}_()-]$/u,
    shortest: 1,
    longest: 90,
    characters: "letters, digits, underscores, hyphens, periods and parentheses, without a period at the end",
    mend: (name) => name.replace(/[^a-zA-Z0-9._()-]/g, "-").slice(0, 90).replace(/\.+$/, "") || "group",
  },
} as const satisfies Record<string, NameRule>;

export type NameKind = keyof typeof RULES;

/** The problems of one name, none or one. `path` is the argument that carries it. */
export function nameProblems(kind: NameKind, path: string, name: string): Problem[] {
  const rule: NameRule = RULES[kind];
  const { code, pattern, shortest, longest, characters } = rule;
  if (name.length >= shortest && name.length <= longest && pattern.test(name)) return [];
  return [
    {
      code,
      path,
      got: name,
      rule: `needs ${shortest} to ${longest} ${characters}, has ${name.length} characters`,
      fix: `use for example "${rule.mend(name)}"`,
    },
  ];
}

/**
 * A registry name that is free in all of Azure and the same at every deployment of one stack:
 * the logical name without punctuation and eight characters of a hash over project, stack and name.
 */
export function derivedRegistryName(project: string, stack: string, name: string): string {
  return `${lower(name).replace(/[^a-z0-9]/g, "").slice(0, 40)}${shortHash(`${project}/${stack}/${name}`, 8)}`;
}

/** A storage account name, by the same rule within Azure's 24 lower-case letters and digits. */
export function derivedStorageName(project: string, stack: string, name: string): string {
  return `${lower(name).replace(/[^a-z0-9]/g, "").slice(0, 14)}${shortHash(`${project}/${stack}/${name}`, 10)}`;
}
