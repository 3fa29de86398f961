import type { JsonObject } from "../../values";
import { ArmError } from "../arm-error";
import { stableGuid } from "../autonaming";
import { numberAt, objectAt, objectsAt, textAt } from "../json";
import type { Write } from "../rules";

/** Limits of the REST specification (containerregistry, tasks) and of container-registry-tasks-scheduled. */
export function validateTask({ inputs, name }: Write): void {
  if (!/^[a-zA-Z0-9-_]{5,50}$/.test(name)) throw invalid(`The task name '${name}' must be of 5 to 50 characters.`);
  const timeout = numberAt(inputs, "properties.timeout") ?? 3600;
  if (timeout < 300 || timeout > 28_800) throw invalid(`The task timeout ${timeout} must be from 300 to 28800 seconds.`);
  const step = objectAt(inputs, "properties.step");
  if (textAt(step, "type") === undefined) throw invalid("The task needs a step of a type.");
  if (textAt(step, "type") === "EncodedTask" && textAt(step, "encodedTaskContent") === undefined) {
    throw invalid("The encoded task needs its content.");
  }
  for (const trigger of objectsAt(inputs, "properties.trigger.timerTriggers")) {
    const schedule = textAt(trigger, "schedule") ?? "";
    if (schedule.split(" ").length !== 5) throw invalid(`The cron expression '${schedule}' must have five fields.`);
  }
  const asked = textAt(inputs, "properties.credentials.sourceRegistry.identity");
  if (asked === "[system]" && !hasSystemIdentity(inputs)) {
    throw invalid("The task logs in with a system-assigned identity, which it does not have.");
  }
}

export function taskOutputs({ id, inputs, world }: Write): JsonObject {
  const identity = objectAt(inputs, "identity");
  const properties = { ...objectAt(inputs, "properties"), provisioningState: "Succeeded" };
  if (!identity || !hasSystemIdentity(inputs)) return { properties };
  return { properties, identity: { ...identity, principalId: stableGuid(id, "principal"), tenantId: world.tenantId } };
}

function hasSystemIdentity(inputs: JsonObject): boolean {
  return textAt(inputs, "identity.type")?.includes("SystemAssigned") === true;
}

function invalid(message: string): ArmError {
  return new ArmError(400, "InvalidRequestParameter", message);
}
