import { parentId } from "../arm-ids";
import { ArmError } from "../arm-error";
import { numberAt, objectsAt, textAt } from "../json";
import type { TypeRules, World, Write } from "../rules";

const SHARE = "azure-native:storage:FileShare";

/** learn.microsoft.com/azure/storage/common/storage-account-overview#types-of-storage-accounts */
const FILE_STORAGE_SKUS = ["Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "PremiumV2_ZRS", ...["LRS", "ZRS", "GRS", "GZRS"].map((one) => `StandardV2_${one}`)];

export const storageAccountRules: TypeRules = {
  milliseconds: 100,
  validate: (write) => {
    validateName(write);
    validateSku(write);
    validateNetworkRules(write);
  },
  outputs: ({ inputs, location, name }) => ({
    allowBlobPublicAccess: inputs["allowBlobPublicAccess"] ?? false,
    enableHttpsTrafficOnly: inputs["enableHttpsTrafficOnly"] ?? true,
    minimumTlsVersion: inputs["minimumTlsVersion"] ?? "TLS1_2",
    publicNetworkAccess: inputs["publicNetworkAccess"] ?? "Enabled",
    primaryEndpoints: {
      blob: `https://${name}.blob.core.windows.net/`,
      dfs: `https://${name}.dfs.core.windows.net/`,
      file: `https://${name}.file.core.windows.net/`,
    },
    primaryLocation: location,
    sku: { name: textAt(inputs, "sku.name"), tier: textAt(inputs, "sku.name")?.split("_")[0] },
    statusOfPrimary: "available",
  }),
};

/** Names are global: an account of another resource group is enough. */
function validateName({ id, name, type, world }: Write): void {
  const taken = world.state.ofType(type).some((other) => other.name === name && other.id.toLowerCase() !== id.toLowerCase());
  if (taken) throw new ArmError(409, "StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
}

function validateSku({ id, inputs, before, world }: Write): void {
  const [kind, sku = ""] = [textAt(inputs, "kind"), textAt(inputs, "sku.name")];
  if (kind === "FileStorage" && !FILE_STORAGE_SKUS.includes(sku)) {
    throw new ArmError(400, "InvalidRequestPropertyValue", `The value '${sku}' is not allowed for property sku.name of kind FileStorage.`);
  }
  if (!before) return;
  const [oldKind, oldSku = ""] = [textAt(before.outputs, "kind"), textAt(before.outputs, "sku.name")];
  // Only the two kinds before StorageV2 can become it: learn.microsoft.com/azure/storage/common/storage-account-upgrade
  if (oldKind !== kind && kind !== "StorageV2") {
    throw new ArmError(409, "StorageAccountKindChangeNotAllowed", `The kind of the storage account cannot be changed from ${oldKind ?? ""} to ${kind ?? ""}.`);
  }
  // No conversion between LRS and ZRS: learn.microsoft.com/azure/storage/files/files-nfs-protocol#support-for-azure-storage-features
  const nfs = world.state.inside(id).some((record) => record.type === SHARE && textAt(record.outputs, "enabledProtocols") === "NFS");
  if (nfs && oldSku.split("_")[1] !== sku.split("_")[1]) {
    throw new ArmError(409, "StorageAccountTypeConversionNotAllowed", `An account with NFS shares cannot be converted from ${oldSku} to ${sku}.`);
  }
}

/** A subnet of which Azure knows that it has no way to storage; wording as in hashicorp/terraform-provider-azurerm issue 16547. */
function validateNetworkRules({ inputs, world }: Write): void {
  for (const rule of objectsAt(inputs, "networkRuleSet.virtualNetworkRules")) {
    const subnet = world.state.get(textAt(rule, "virtualNetworkResourceId") ?? "");
    if (subnet && !serviceEndpoints(subnet.outputs).some((service) => service.startsWith("Microsoft.Storage"))) {
      throw new ArmError(
        400,
        "NetworkAclsValidationFailure",
        `Validation of network acls failure: SubnetsHaveNoServiceEndpointsConfigured:Subnets ${subnet.name} of virtual network ${parentId(subnet.id) ?? ""} ` +
          "do not have ServiceEndpoints for Microsoft.Storage resources configured. Add Microsoft.Storage to subnet's ServiceEndpoints " +
          "collection before trying to ACL Microsoft.Storage resources to these subnets..",
      );
    }
  }
}

function serviceEndpoints(subnet: Parameters<typeof objectsAt>[0]): readonly string[] {
  return objectsAt(subnet, "serviceEndpoints").flatMap((endpoint) => textAt(endpoint, "service") ?? []);
}

export const fileServiceRules: TypeRules = {
  validate: ({ inputs }) => {
    // learn.microsoft.com/azure/storage/files/storage-files-prevent-file-share-deletion
    const days = numberAt(inputs, "shareDeleteRetentionPolicy.days");
    if (days !== undefined && (days < 1 || days > 365)) {
      throw new ArmError(400, "InvalidXmlNodeValue", "The number of days that deleted shares are kept must be from 1 to 365.");
    }
  },
};

export const fileShareRules: TypeRules = {
  validate: ({ id, inputs, world }) => {
    const account = accountOf(id, world);
    const premium = textAt(account?.outputs, "kind") === "FileStorage";
    // learn.microsoft.com/azure/storage/files/files-nfs-protocol: NFS on premium (SSD) file shares only.
    if (textAt(inputs, "enabledProtocols") === "NFS" && (!premium || textAt(account?.outputs, "sku.name")?.startsWith("Standard") === true)) {
      throw new ArmError(
        400,
        "FeatureNotSupportedForAccount",
        "Nfs is not supported for the account: it needs kind FileStorage.",
      );
    }
    const quota = numberAt(inputs, "shareQuota");
    const provisionedV2 = textAt(account?.outputs, "sku.name")?.includes("V2") === true;
    const least = provisionedV2 ? 32 : 100;
    if (premium && quota !== undefined && (quota < least || quota > 102_400)) {
      throw new ArmError(400, "InvalidHeaderValue", `The share quota must be from ${least} to 102400 GiB.`);
    }
  },
  outputs: ({ inputs }) => ({
    enabledProtocols: inputs["enabledProtocols"] ?? "SMB",
    ...(inputs["enabledProtocols"] === "NFS" ? { rootSquash: inputs["rootSquash"] ?? "NoRootSquash" } : {}),
    shareQuota: inputs["shareQuota"] ?? 5120,
    leaseState: "available",
    leaseStatus: "unlocked",
  }),
};

function accountOf(shareId: string, world: World) {
  return world.state.get(parentId(shareId) ?? "");
}
