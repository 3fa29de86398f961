/** What a stand-in's Deployment plays: the agent looks for it to know what runs in the cluster, and how. */
export const PLAYS = "sandbox.aks-fine-tuning.dev/plays";
/** On every node that no kubelet runs; what cannot run here, as its image cannot be pulled, is put there. */
export const SIMULATED = "sandbox.aks-fine-tuning.dev/simulated";
/** On pods whose kubelet the operator stand-in plays instead of kwok, as they take time, and may fail. */
export const PLAYED_BY = "sandbox.aks-fine-tuning.dev/played-by";

/** What keeps a pod off real nodes, and lets it onto simulated ones beside them. */
export const ON_SIMULATED_NODES = {
  nodeSelector: { [SIMULATED]: "true" },
  toleration: { key: SIMULATED, operator: "Exists", effect: "NoSchedule" },
} as const;
