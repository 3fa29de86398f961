import type { JsonObject } from "../../values";
import { clusterExclusive } from "./agent-pool";
import { parentId } from "../arm-ids";
import { invalidParameter } from "../arm-error";
import { numberAt, textAt } from "../json";
import type { TypeRules } from "../rules";

const NAMES = ["default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"];

/** learn.microsoft.com/azure/aks/planned-maintenance */
export const maintenanceRules: TypeRules = {
  milliseconds: 100,
  exclusive: (id) => clusterExclusive(parentId(id) ?? id),
  validate: ({ name, inputs }) => {
    if (!NAMES.includes(name)) {
      throw invalidParameter("maintenanceConfigurationName", `Allowed names: ${NAMES.join(", ")}.`);
    }
    if (name !== "default") validateWindow(inputs);
  },
};

function validateWindow(inputs: JsonObject): void {
  const hours = numberAt(inputs, "maintenanceWindow.durationHours");
  if (hours === undefined || hours < 4 || hours > 24) {
    throw invalidParameter("maintenanceWindow.durationHours", "A window lasts from 4 to 24 hours.");
  }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(textAt(inputs, "maintenanceWindow.startTime") ?? "")) {
    throw invalidParameter("maintenanceWindow.startTime", "A window starts between 00:00 and 23:59.");
  }
}
