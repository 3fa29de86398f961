import { ProviderError } from "../provider-errors";

/**
 * A refusal of Azure Resource Manager, worded as azure-native words it: `Status=409 Code="X" Message="Y"`
 * (seen in pulumi/pulumi-azure-native issue 4343).
 */
export class ArmError extends ProviderError {
  constructor(
    readonly status: number,
    readonly armCode: string,
    readonly armMessage: string,
    target?: string,
  ) {
    super(
      `Status=${status} Code="${armCode}" Message="${armMessage}"${target === undefined ? "" : ` Target="${target}"`}`,
    );
  }
}

export function notFound(armType: string, name: string, resourceGroup: string): ArmError {
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${armType}/${name}' under resource group '${resourceGroup}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  );
}

/** AKS: a property that only creation may set (wording as in pulumi/pulumi-azure-native issue 959). */
export function changeNotAllowed(property: string): ArmError {
  const target = `properties.${property}`;
  return new ArmError(400, "PropertyChangeNotAllowed", `Changing property '${target}' is not allowed.`, target);
}

export function invalidParameter(parameter: string, details: string): ArmError {
  return new ArmError(
    400,
    "InvalidParameter",
    `The value of parameter ${parameter} is invalid. Error details: ${details} ` +
      "Please see https://aka.ms/aks-naming-rules for more details.",
    parameter,
  );
}
