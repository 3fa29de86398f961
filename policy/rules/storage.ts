import type { Resource } from "../resources/resource";
import { at, is, isNot, shown, UNKNOWN } from "../resources/value";
import type { Rule } from "../rule";
import { rule, settingRule } from "./settings";
import { psrule } from "./sources";

const ACCOUNT = ["azure-native:storage:StorageAccount"];

/** Accounts that hold datasets, checkpoints and weights. */
export const STORAGE_RULES: readonly Rule[] = [
  settingRule(ACCOUNT, "allowBlobPublicAccess", [false], {
    ...{ name: "storage-no-public-blobs", severity: "high", ids: ["Azure.Storage.BlobPublicAccess", "CKV_AZURE_59"] },
    description: "No blob of a storage account is public",
    remediation: "set allowBlobPublicAccess to false, as Team does for checkpoints",
    url: psrule("Storage.BlobPublicAccess"),
  }),
  settingRule(ACCOUNT, "allowSharedKeyAccess", [false], {
    ...{ name: "storage-no-shared-keys", severity: "medium", ids: ["CKV2_AZURE_40"] },
    description: "A storage account has no keys that open all of it; NFS shares need none",
    remediation: "set allowSharedKeyAccess to false, as Team does for checkpoints",
    url: "https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
  }),
  settingRule(ACCOUNT, "minimumTlsVersion", ["TLS1_2", "TLS1_3"], {
    ...{ name: "storage-tls", severity: "medium", ids: ["Azure.Storage.MinTLS", "CKV_AZURE_44"] },
    description: "A storage account speaks TLS 1.2 or later",
    remediation: 'set minimumTlsVersion to "TLS1_2", as Team does for checkpoints',
    url: psrule("Storage.MinTLS"),
  }),
  rule(ACCOUNT, plainFaults, {
    ...{ name: "storage-https-only", severity: "high", ids: ["Azure.Storage.SecureTransfer", "CKV_AZURE_3"] },
    description: "A storage account takes encrypted connections alone; one of kind FileStorage, whose NFS shares know no HTTPS, is left alone",
    remediation: "set enableHttpsTrafficOnly to true (Team: checkpoints.encryptInTransit encrypts NFS)",
    url: psrule("Storage.SecureTransfer"),
  }),
  rule(ACCOUNT, openFaults, {
    ...{ name: "storage-closed", severity: "high", production: true, ids: ["Azure.Storage.Firewall", "CKV_AZURE_35"] },
    description: "A production storage account answers private endpoints, subnets or addresses that it names, and nobody else",
    remediation: 'set publicNetworkAccess to "Disabled" or networkRuleSet.defaultAction to "Deny", as Team does for checkpoints',
    url: psrule("Storage.Firewall"),
  }),
];

function plainFaults({ props }: Resource): readonly string[] {
  const only = at(props, "enableHttpsTrafficOnly");
  const kind = at(props, "kind");
  // Azure turns it on where nothing is said.
  return kind !== UNKNOWN && !is(kind, "FileStorage") && isNot(only, true, undefined) ? [`enableHttpsTrafficOnly is ${shown(only)}`] : [];
}

function openFaults({ props }: Resource): readonly string[] {
  const open = at(props, "publicNetworkAccess");
  const action = at(props, "networkRuleSet.defaultAction");
  return isNot(open, "Disabled", "SecuredByPerimeter") && isNot(action, "Deny") ? ["the account answers every address"] : [];
}
