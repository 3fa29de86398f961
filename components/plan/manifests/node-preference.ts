import type { NodePreference } from "../gpu-pool";

/** The member of a pod's spec that says where it would rather land; none where it does not care. */
export function preferring(preferences: readonly NodePreference[] = []) {
  if (preferences.length === 0) return {};
  const preferredDuringSchedulingIgnoredDuringExecution = preferences.map(({ key, values, weight }) => ({
    weight,
    preference: { matchExpressions: [{ key, operator: "In", values: [...values] }] },
  }));
  return { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } } };
}
