import { parentId } from "./arm-ids";
import { ArmError } from "./arm-error";
import { numberAt, textAt } from "./json";
import type { TypeRules } from "./rules";

export const storageAccountRules: TypeRules = {
  milliseconds: 100,
  validate: ({ id, name, type, world }) => {
    // Names are global: an account of another resource group is enough.
    const taken = world.state
      .ofType(type)
      .some((other) => other.name === name && other.id.toLowerCase() !== id.toLowerCase());
    if (taken) {
      throw new ArmError(409, "StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
    }
  },
  outputs: ({ inputs, location, name }) => ({
    allowBlobPublicAccess: inputs["allowBlobPublicAccess"] ?? false,
    enableHttpsTrafficOnly: inputs["enableHttpsTrafficOnly"] ?? true,
    minimumTlsVersion: inputs["minimumTlsVersion"] ?? "TLS1_2",
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

export const fileShareRules: TypeRules = {
  validate: ({ id, inputs, world }) => {
    const account = world.state.get(parentId(id) ?? "");
    const premium = textAt(account?.outputs, "kind") === "FileStorage";
    // learn.microsoft.com/azure/storage/files/files-nfs-protocol: NFS on premium (SSD) file shares only.
    if (textAt(inputs, "enabledProtocols") === "NFS" && !premium) {
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
