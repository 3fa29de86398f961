import * as crypto from "node:crypto";
import type { JsonObject } from "../values";
import { armId, resourceType } from "./arm-ids";
import { ArmError } from "./arm-error";
import { flagAt, isObject } from "./json";
import { userKubeconfig } from "./kubeconfig";
import { SIMULATED_LOGIN } from "./resource-manager";
import type { World } from "./rules";
import type { Seam } from "./seam";
import type { ResourceRecord } from "./state";
import { missing } from "./surroundings";

export interface Subscription extends World {
  readonly clientId: string;
  readonly seam: Seam | undefined;
}

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const STORAGE_ACCOUNT = "azure-native:storage:StorageAccount";

/** Answers a function of the SDK; undefined for one that this stand-in has not been taught. */
export function invoke(token: string, args: JsonObject, subscription: Subscription): JsonObject | undefined {
  switch (token) {
    case "azure-native:authorization:getClientConfig":
      return {
        clientId: subscription.clientId,
        objectId: subscription.callerObjectId,
        subscriptionId: subscription.subscriptionId,
        tenantId: subscription.tenantId,
      };
    case "azure-native:authorization:getClientToken":
      return { token: SIMULATED_LOGIN };
    case "azure-native:containerservice:listManagedClusterUserCredentials":
      return userCredentials(found(CLUSTER, args, subscription), subscription);
    case "azure-native:containerservice:listManagedClusterAdminCredentials":
      return adminCredentials(found(CLUSTER, args, subscription));
    case "azure-native:storage:listStorageAccountKeys":
      return storageKeys(found(STORAGE_ACCOUNT, args, subscription));
    default:
      return getter(token, args, subscription);
  }
}

function userCredentials(cluster: ResourceRecord, { tenantId, seam }: Subscription): JsonObject {
  const value = Buffer.from(userKubeconfig(cluster, tenantId, seam)).toString("base64");
  return { kubeconfigs: [{ name: "clusterUser", value }] };
}

function adminCredentials(cluster: ResourceRecord): never {
  // learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad
  if (flagAt(cluster.outputs, "disableLocalAccounts") === true) {
    throw new ArmError(
      400,
      "BadRequest",
      "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    );
  }
  throw new ArmError(501, "NotImplemented", "sandbox: the stand-in hands out no admin credentials; use the user's.");
}

function storageKeys(account: ResourceRecord): JsonObject {
  if (flagAt(account.outputs, "allowSharedKeyAccess") === false) {
    throw new ArmError(
      403,
      "KeyBasedAuthenticationNotPermitted",
      "Key based authentication is not permitted on this storage account.",
    );
  }
  const key = (name: string) => crypto.createHash("sha512").update(`${account.id} ${name}`).digest("base64");
  return { keys: ["key1", "key2"].map((keyName) => ({ keyName, permissions: "FULL", value: key(keyName) })) };
}

/** `getX` reads the X of the same module, as azure-native's getters do. */
function getter(token: string, args: JsonObject, subscription: Subscription): JsonObject | undefined {
  const [, module = "", name = ""] = token.split(":");
  if (!/^get[A-Z]/.test(name)) return undefined;
  const record = found(`azure-native:${module}:${name.slice("get".length)}`, args, subscription);
  // A resource made with the generic type is the same resource: its typed getter gives its properties at the top.
  const generic = record.type === "azure-native:resources:Resource" && name !== "getResource";
  const { properties, ...rest } = record.outputs;
  return generic && isObject(properties)
    ? { ...properties, ...rest, id: record.id }
    : { ...record.outputs, id: record.id };
}

function found(type: string, args: JsonObject, { state, subscriptionId }: Subscription): ResourceRecord {
  const id = armId(resourceType(type), args, subscriptionId);
  const record = id === undefined ? undefined : state.get(id);
  if (record) return record;
  if (id === undefined) throw new ArmError(400, "InvalidRequest", `The arguments do not name one ${type}.`);
  throw missing(id);
}
