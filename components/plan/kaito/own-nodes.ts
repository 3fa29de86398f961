import type { ToleratedTaint } from "../catalogue/kaito-versions";
import type { Toleration } from "../gpu-pool/decisions";

/** Labels by which a node is a Workspace's own; KAITO ignores them in a label selector. */
export const OWN_LABELS = { name: "kaito.sh/workspace", namespace: "kaito.sh/workspacenamespace" } as const;
/** Keys that KAITO keeps to itself: https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/labels.go */
const RESERVED = /^(kaito\.sh\/(workspace|ragengine)(namespace)?|karpenter\.kaito\.sh\/.*)$/;

/** What of a selector KAITO goes by. */
export function matchLabelsOf(nodeSelector: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(nodeSelector).filter(([key]) => !RESERVED.test(key)));
}

/** Whether KAITO's pods land on nodes with a taint: nobody can add a toleration to them. Where a taint is only wished for, pods land all the same. */
export function isTolerated({ key, value, effect }: Toleration, tolerated: readonly ToleratedTaint[]): boolean {
  const known = tolerated.some((each) => each.key === key && (each.value === undefined || each.value === value));
  return effect === "PreferNoSchedule" || (known && effect === "NoSchedule");
}

/** The taints as people write them. */
export function toleratedText(tolerated: readonly ToleratedTaint[]): string {
  return `${tolerated.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(", ")}, with NoSchedule`;
}
