import * as net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { ProviderError } from "../../provider-errors";
import type { JsonObject } from "../../values";
import { ArmError } from "../arm-error";
import { armType, parentId } from "../arm-ids";
import { objectAt, textAt } from "../json";
import { validateChange, validateDowngrade, validatePolicies, validateSku } from "./registry-limits";
import { taskOutputs, validateTask } from "./registry-task";
import type { TypeRules, Write } from "../rules";
import type { ResourceRecord } from "../state";

const REGISTRY = "azure-native:containerregistry:Registry";
const ARM_REGISTRY = "microsoft.containerregistry/registries";
const WAIT_SECONDS = 30;

function isTask(record: { readonly id: string }): boolean {
  return armType(record.id).toLowerCase() === `${ARM_REGISTRY}/tasks`;
}

/** learn.microsoft.com/azure/container-registry/container-registry-geo-replication */
export const replicationRules: TypeRules = {
  milliseconds: 100,
  validate: ({ id, world }) => {
    const registry = world.state.get(parentId(id) ?? "");
    if (textAt(registry?.outputs, "sku.name") !== "Premium") {
      throw new ArmError(400, "SkuNotSupported", "The registry SKU does not support replications: it needs Premium.");
    }
  },
  outputs: ({ inputs }) => ({
    regionEndpointEnabled: inputs["regionEndpointEnabled"] ?? true,
    zoneRedundancy: inputs["zoneRedundancy"] ?? "Disabled",
    status: { displayStatus: "Ready" },
  }),
};

export function isRegistry(record: { readonly id: string }): boolean {
  return armType(record.id).toLowerCase() === ARM_REGISTRY;
}

/** The registry's own properties, which the typed resource has at the top and the generic one under `properties`. */
function propertiesOf(record: { readonly type: string }, properties: JsonObject): JsonObject {
  return record.type === REGISTRY ? properties : (objectAt(properties, "properties") ?? {});
}

/** Rules of learn.microsoft.com/azure/container-registry: names, and what each SKU has (container-registry-skus). */
function validateRegistry(write: Write): void {
  const { id, inputs, name, world } = write;
  if (!/^[a-zA-Z0-9]{5,50}$/.test(name)) {
    throw new ArmError(
      400,
      "InvalidResourceName",
      `The registry name '${name}' is invalid: it must be of 5 to 50 alphanumeric characters.`,
    );
  }
  const taken = world.state
    .all()
    .some(
      (other) =>
        isRegistry(other) &&
        other.name.toLowerCase() === name.toLowerCase() &&
        other.id.toLowerCase() !== id.toLowerCase(),
    );
  if (taken) throw new ArmError(409, "AlreadyInUse", `The registry DNS name ${name}.azurecr.io is already in use.`);
  const sku = textAt(inputs, "sku.name");
  if (sku === undefined) throw new ArmError(400, "InvalidSku", "The registry needs sku.name.");
  validateSku(sku, propertiesOf(write, inputs));
  validatePolicies(propertiesOf(write, inputs));
  if (write.before) {
    validateChange(write.before.name, propertiesOf(write, write.before.outputs), propertiesOf(write, inputs));
    validateDowngrade(sku, write.before, world);
  }
}

/** Host of registries that nobody serves, as no sandbox is around the stand-in. */
const UNSERVED = "localhost";

/** The port is the registry's for life: the cluster agent serves it and images are referred to by it. */
async function assignLoginServer({ world }: Write): Promise<JsonObject> {
  const taken = new Set(world.state.all().filter(isRegistry).map(loginServerOf));
  for (;;) {
    const loginServer = `${world.registryHost ?? UNSERVED}:${await freePort()}`;
    if (!taken.has(loginServer)) return { loginServer };
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "0.0.0.0", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  });
}

export function loginServerOf(record: ResourceRecord): string | undefined {
  return textAt(propertiesOf(record, record.outputs), "loginServer");
}

function registryProperties(write: Write): JsonObject {
  const properties = propertiesOf(write, write.inputs);
  const loginServer = (write.before && loginServerOf(write.before)) ?? textAt(write.assigned, "loginServer");
  return {
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: "Enabled",
    zoneRedundancy: "Disabled",
    ...(write.type === REGISTRY ? {} : { roleAssignmentMode: "LegacyRegistryPermissions" }),
    ...properties,
    // Not `<name>.azurecr.io`: nothing answers there.
    loginServer: loginServer ?? "",
    provisioningState: "Succeeded",
  };
}

/** An answer of any kind will do: a registry that wants a login says 401. */
async function registryAnswers(record: ResourceRecord, signal: AbortSignal): Promise<void> {
  const server = loginServerOf(record) ?? "";
  // Without a cluster beside the stand-in nobody starts registries; tests of the provider alone run like that.
  if (server.startsWith(`${UNSERVED}:`)) return;
  const deadline = Date.now() + WAIT_SECONDS * 1000;
  while (!(await answers(server))) {
    if (signal.aborted) throw new ProviderError(`sandbox: stopped waiting for the registry at ${server}`);
    if (Date.now() > deadline) {
      throw new ProviderError(
        `sandbox: the registry ${record.name} does not answer at http://${server}/v2/ after ${WAIT_SECONDS} s; ` +
          "is the sandbox's cluster agent running?",
      );
    }
    await pause(200);
  }
}

async function answers(server: string): Promise<boolean> {
  try {
    await fetch(`http://${server}/v2/`, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}

export const registryRules: TypeRules = {
  validate: validateRegistry,
  assign: assignLoginServer,
  outputs: registryProperties,
  settled: registryAnswers,
};

/** The generic resource stands for any type; registries and their tasks are the ones that it has been taught. */
export const genericResourceRules: TypeRules = {
  validate: (write) => {
    if (isRegistry(write)) validateRegistry(write);
    if (isTask(write)) validateTask(write);
  },
  assign: async (write) => (isRegistry(write) ? assignLoginServer(write) : {}),
  outputs: (write) => {
    if (isRegistry(write)) return { properties: registryProperties(write) };
    return isTask(write) ? taskOutputs(write) : {};
  },
  settled: async (record, signal) => {
    if (isRegistry(record)) await registryAnswers(record, signal);
  },
};
