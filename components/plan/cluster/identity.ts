import type { Input } from "@pulumi/pulumi";
import { type Problem, refuse } from "../refuse";

/** A user-assigned identity that exists. */
export interface IdentityRef {
  /** Resource id. */
  readonly id: Input<string>;
  /** Object id of its principal, to which roles are given. */
  readonly principalId: Input<string>;
}

const IDENTITY_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i;

/** Problems of an existing identity, as far as it is known; ARM wants exactly one id. */
export function identityProblems(identity: IdentityRef | undefined): Problem[] {
  if (identity === undefined) return [];
  return [...idProblems(identity.id), ...principalProblems(identity.principalId)];
}

/** The id, looked at again once it is known. */
export function checkedIdentityId(subject: string, id: string): string {
  refuse(subject, idProblems(id));
  return id;
}

function idProblems(id: Input<string> | undefined): Problem[] {
  if (id !== undefined && (typeof id !== "string" || IDENTITY_ID.test(id))) return [];
  const fix = 'use "/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME", or leave identity out for one of the cluster\'s own';
  return [{ code: "AKSFT-CLUSTER-27", path: "identity.id", got: id, rule: "needs the id of 1 user-assigned identity", fix }];
}

function principalProblems(principalId: Input<string> | undefined): Problem[] {
  if (principalId !== undefined && principalId !== "") return [];
  const rule = "needs the object id of the identity's principal, to which 1 role or more is given";
  return [{ code: "AKSFT-CLUSTER-27", path: "identity.principalId", got: principalId, rule, fix: "use the identity's principalId" }];
}
