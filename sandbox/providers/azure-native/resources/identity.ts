import { lastSegment, parentId } from "../arm-ids";
import { ArmError } from "../arm-error";
import { stableGuid } from "../autonaming";
import { textAt } from "../json";
import { validateCondition } from "./role-conditions";
import type { TypeRules, Write } from "../rules";

export const identityRules: TypeRules = {
  outputs: ({ id, world }) => ({
    clientId: stableGuid(id, "client"),
    principalId: stableGuid(id, "principal"),
    tenantId: world.tenantId,
  }),
};

const MOST_CREDENTIALS = 20;

export const federatedCredentialRules: TypeRules = {
  milliseconds: 200,
  // pulumi-azure-native issue 4343.
  exclusive: (id) => ({
    id: parentId(id) ?? id,
    refusal: () =>
      new ArmError(
        409,
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "Too many Federated Identity Credentials are written concurrently for the managed identity " +
          `'${parentId(id) ?? ""}'. ` +
          "Concurrent Federated Identity Credentials writes under the same managed identity are not supported.",
      ),
  }),
  validate: ({ id, type, inputs, before, world }) => {
    const identity = parentId(id) ?? "";
    const others = world.state.inside(identity).filter((other) => other.type === type && other.id !== before?.id);
    // learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
    if (!before && others.length >= MOST_CREDENTIALS) {
      throw new ArmError(
        400,
        "TooManyFederatedIdentityCredentials",
        `The managed identity '${lastSegment(identity)}' has ${MOST_CREDENTIALS} federated identity credentials, ` +
          "the most it can have.",
      );
    }
    const taken = others.some(
      (other) =>
        textAt(other.outputs, "issuer") === textAt(inputs, "issuer") &&
        textAt(other.outputs, "subject") === textAt(inputs, "subject"),
    );
    if (taken) {
      // Wording: Azure/bicep-types-az issue 2029.
      throw new ArmError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.");
    }
  },
};

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const roleAssignmentRules: TypeRules = {
  validate: (write) => {
    if (!GUID.test(write.name)) {
      throw new ArmError(
        400,
        "InvalidRoleAssignmentId",
        `The role assignment ID '${write.name}' is not valid. The role assignment ID must be a GUID.`,
      );
    }
    validatePrincipal(write);
    validateUnique(write);
    validateCondition(write.inputs);
    const role = textAt(write.inputs, "roleDefinitionId");
    if (write.before && textAt(write.before.outputs, "roleDefinitionId") !== role) {
      throw new ArmError(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      );
    }
  },
};

/**
 * A principal made a moment ago may not have reached the directory that serves the request: the type tells Azure not to
 * look it up. The SDK fills in "User", which then does not match a managed identity.
 */
function validatePrincipal({ inputs, world }: Write): void {
  const principal = textAt(inputs, "principalId") ?? "";
  const type = textAt(inputs, "principalType");
  const isIdentity = world.state.all().some((record) => holdsPrincipal(record.outputs, principal));
  if (isIdentity && type !== undefined && type !== "ServicePrincipal") {
    throw new ArmError(
      400,
      "UnmatchedPrincipalType",
      `The PrincipalId '${principal}' has type 'ServicePrincipal' , ` +
        `which is different from specified PrinciaplType '${type}'.`,
    );
  }
  if (type === undefined && principal !== world.callerObjectId) {
    throw new ArmError(
      400,
      "PrincipalNotFound",
      `Principal ${principal.replaceAll("-", "")} does not exist in the directory ${world.tenantId}. ` +
        "Check that you have the correct principal ID. " +
        "If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a " +
        "value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype",
    );
  }
}

function holdsPrincipal(outputs: Parameters<typeof textAt>[0], principal: string): boolean {
  return ["principalId", "identity.principalId", "identityProfile.kubeletidentity.objectId"].some(
    (path) => textAt(outputs, path) === principal && textAt(outputs, "roleDefinitionId") === undefined,
  );
}

function validateUnique({ id, type, inputs, world }: Write): void {
  const key = (outputs: Parameters<typeof textAt>[0]) =>
    ["scope", "principalId", "roleDefinitionId"].map((field) => textAt(outputs, field)?.toLowerCase()).join(" ");
  const same = world.state
    .ofType(type)
    .find((other) => other.id.toLowerCase() !== id.toLowerCase() && key(other.outputs) === key(inputs));
  if (same) {
    throw new ArmError(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${same.name.replaceAll("-", "")}.`,
    );
  }
}
