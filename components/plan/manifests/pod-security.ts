/** What every pod of ours runs as; above 10000 so that it is no user of the node (CKV_K8S_40). */
export const RUN_AS = 10001;

/** The restricted Pod Security Standard at pod level: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: RUN_AS,
  runAsGroup: RUN_AS,
  fsGroup: RUN_AS,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** The same at container level, with a read-only root: caches go to the volumes of `SCRATCH`. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};

export const POD_SECURITY_LEVELS = ["restricted", "baseline", "privileged"] as const;
/**
 * How much a namespace asks of its pods, by the names of the Pod Security Standards.
 * @useDeclaredType
 */
export type PodSecurity = (typeof POD_SECURITY_LEVELS)[number];

/** Labels of a namespace that admits pods of a level, pinned to the policy's version. What a lower one lets in is in the audit log. */
export function podSecurityLabels(level: PodSecurity, kubernetesVersion: string): Record<string, string> {
  const modes = { enforce: level, audit: "restricted", warn: level };
  return Object.fromEntries(
    Object.entries(modes).flatMap(([mode, asked]) => [
      [`pod-security.kubernetes.io/${mode}`, asked],
      [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetesVersion}`],
    ]),
  );
}

/** Writable places of a container whose root is read-only, and the variables that send the usual caches there. */
export const SCRATCH = {
  environment: [
    { name: "HOME", value: "/tmp/home" },
    { name: "TMPDIR", value: "/tmp" },
    { name: "HF_HOME", value: "/tmp/huggingface" },
    // The weights are mounted; nothing is fetched from a hub while a GPU is paid.
    { name: "HF_HUB_OFFLINE", value: "1" },
  ],
  mounts: [
    { name: "tmp", mountPath: "/tmp" },
    { name: "shm", mountPath: "/dev/shm" },
  ],
  volumes: [
    { name: "tmp", emptyDir: {} },
    // Data loader workers hand tensors over in shared memory; the default of 64 MiB breaks them.
    { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "2Gi" } },
  ],
};
