import type { Problem } from "../refuse";

interface Refused {
  readonly rule: string;
  readonly fix: string;
}

const ADMIN: Refused = {
  // https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.ACR.AdminUser/, CKV_AZURE_137
  rule: "is one password that everybody shares and that no log tells apart",
  fix: "remove it; pulledBy and pushedBy give roles to identities",
};
const ANONYMOUS: Refused = {
  // https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.ACR.AnonymousAccess/, CKV_AZURE_138
  rule: "opens every repository to everybody who finds the name",
  fix: "remove it; pulledBy gives the nodes of a cluster the role to pull",
};
const TRUST: Refused = {
  // https://learn.microsoft.com/azure/container-registry/container-registry-content-trust-deprecation
  rule: "is retired: Azure refuses to switch it on, and a registry in repository-permission mode never had it",
  fix: "remove it and sign images with Notation",
};
const QUARANTINE: Refused = {
  // https://github.com/Azure/acr/blob/main/docs/preview/quarantine/readme.md
  rule: "hides every pushed image until a scanner releases it, and nothing here does, so no run could pull its dataset",
  fix: "remove it; Microsoft Defender for Containers scans without it",
};
const SOFT_DELETE: Refused = {
  // https://learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy
  rule: "is a preview that excludes retention and geo-replication",
  fix: "remove it; the trainer locks what it pushes, and opts.protect guards the registry",
};

/** What people ask for by Azure's names or by what other tools call it, and why they do not get it. */
const REFUSED: Readonly<Record<string, Refused>> = {
  adminUser: ADMIN,
  adminUserEnabled: ADMIN,
  anonymousPull: ANONYMOUS,
  anonymousPullEnabled: ANONYMOUS,
  contentTrust: TRUST,
  trustPolicy: TRUST,
  quarantine: QUARANTINE,
  quarantinePolicy: QUARANTINE,
  softDelete: SOFT_DELETE,
  softDeletePolicy: SOFT_DELETE,
};

/** The compiler refuses these in TypeScript; this is for JavaScript and for objects that were built elsewhere. */
export function refusedProblems(decisions: object): Problem[] {
  const asked: Readonly<Record<string, unknown>> = { ...decisions };
  return Object.entries(REFUSED).flatMap(([path, { rule, fix }]): Problem[] =>
    isOn(asked[path]) ? [{ code: "AKSFT-REG-07", path, got: asked[path], rule, fix }] : [],
  );
}

/** Policies are objects with a status in Azure's API. */
function isOn(value: unknown): boolean {
  if (typeof value === "object" && value !== null && "status" in value) return value.status !== "disabled";
  return value !== undefined && value !== null && value !== false;
}
