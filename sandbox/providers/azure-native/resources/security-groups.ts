import { ArmError } from "../arm-error";
import { stableGuid } from "../autonaming";
import { numberAt, objectsAt, textAt } from "../json";
import { sameId } from "./network";
import type { TypeRules } from "../rules";

/** learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
export const securityGroupRules: TypeRules = {
  validate: ({ inputs }) => {
    const rules = objectsAt(inputs, "securityRules");
    const taken = new Map<string, string>();
    for (const rule of rules) {
      const name = textAt(rule, "name") ?? "";
      const priority = numberAt(rule, "priority") ?? 0;
      if (priority < 100 || priority > 4096) {
        throw new ArmError(
          400,
          "SecurityRuleInvalidPriority",
          `Security rule ${name} has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`,
        );
      }
      const place = `${textAt(rule, "direction") ?? ""} ${priority}`;
      const other = taken.get(place);
      if (other !== undefined) {
        throw new ArmError(
          400,
          "SecurityRuleConflict",
          `Security rule ${name} conflicts with rule ${other}. Rules cannot have the same Priority and Direction.`,
        );
      }
      taken.set(place, name);
    }
  },
  outputs: ({ id, inputs }) => ({
    resourceGuid: stableGuid(id),
    securityRules: objectsAt(inputs, "securityRules").map((rule) => ({
      ...rule,
      id: `${id}/securityRules/${textAt(rule, "name") ?? ""}`,
      provisioningState: "Succeeded",
    })),
  }),
  validateDelete: (record, world) => {
    const subnet = world.state
      .ofType("azure-native:network:Subnet")
      .find((other) => sameId(textAt(other.outputs, "networkSecurityGroup.id"), record.id));
    if (subnet) {
      throw new ArmError(
        400,
        "InUseNetworkSecurityGroupCannotBeDeleted",
        `Network security group ${record.id} cannot be deleted because it is in use by the following resources: ${subnet.id}.`,
      );
    }
  },
};
