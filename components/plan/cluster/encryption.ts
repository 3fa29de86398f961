import type { Input } from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { type Problem, within } from "../refuse";
import { choiceProblems } from "./choice";

export const VAULT_ACCESS = ["Public", "Private"] as const;

/** A key of your own for what etcd holds. */
export interface EtcdKey {
  /** `https://VAULT.vault.azure.net/keys/NAME/VERSION`. */
  readonly keyId: Input<string>;
  /** The vault, for the role that lets the cluster's identity use its keys. */
  readonly vaultId: Input<string>;
  /** How the control plane reaches the vault; "Private" is by a private link that AKS makes. @default "Public" */
  readonly vaultAccess?: (typeof VAULT_ACCESS)[number];
}

/** What is encrypted beyond what Azure always encrypts, and with whose keys. */
export interface EncryptionDecisions {
  /**
   * Whether caches and temporary disks of the nodes are encrypted too, on the machine they run on. Azure answers with a refusal until
   * `az feature register --namespace Microsoft.Compute --name EncryptionAtHost` was run once for the subscription.
   * @default true; false in development
   */
  readonly atHost?: boolean;
  /** Disk encryption set with a key of your own, for the nodes' disks; the cluster's identity needs to read it. @default - Azure's own keys */
  readonly diskEncryptionSetId?: Input<string>;
  /** A key of your own for Kubernetes' secrets, in a vault of yours. @default - Azure's own keys */
  readonly etcd?: EtcdKey;
}

export function encryptsAtHost(environment: Environment, { atHost = environment === "production" }: EncryptionDecisions): boolean {
  return atHost;
}

const SET_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/diskEncryptionSets\/[^/]+$/i;
/** With its version: https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption */
const KEY_ID = /^https:\/\/[a-z0-9-]+\.vault\.[a-z.]+\/keys\/[A-Za-z0-9-]+\/[0-9a-f]{32}$/i;

export function encryptionProblems({ diskEncryptionSetId, etcd }: EncryptionDecisions): Problem[] {
  const problems: Problem[] = [];
  if (typeof diskEncryptionSetId === "string" && !SET_ID.test(diskEncryptionSetId)) {
    const fix = 'use "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/diskEncryptionSets/NAME"';
    problems.push({ code: "AKSFT-CLUSTER-25", path: "diskEncryptionSetId", got: diskEncryptionSetId, rule: "needs the id of 1 disk encryption set", fix });
  }
  if (etcd && typeof etcd.keyId === "string" && !KEY_ID.test(etcd.keyId)) {
    const rule = "needs the address of a key with its version of 32 characters";
    problems.push({ code: "AKSFT-CLUSTER-26", path: "etcd.keyId", got: etcd.keyId, rule, fix: 'use "https://VAULT.vault.azure.net/keys/NAME/VERSION"' });
  }
  return within("encryption", [...problems, ...choiceProblems("AKSFT-CLUSTER-26", "etcd.vaultAccess", etcd?.vaultAccess, VAULT_ACCESS)]);
}
