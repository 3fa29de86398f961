import * as pulumi from "@pulumi/pulumi";
import { addOnProblems, planAddOns } from "../../../components/plan/cluster/add-ons";
import { type EncryptionDecisions, encryptionProblems, encryptsAtHost } from "../../../components/plan/cluster/encryption";
import { checkedIdentityId, identityProblems } from "../../../components/plan/cluster/identity";
import { tierProblems } from "../../../components/plan/cluster/tier";
import { planCluster } from "../../../components/plan/cluster";
import { describe as line } from "../../../components/plan/refuse";

const PROVIDERS = "/subscriptions/s/resourceGroups/hub/providers";
const IDENTITY = `${PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/ai`;

describe("tierProblems", () => {
  it("sells long-term support in Premium alone", () => {
    for (const tier of ["Free", "Standard"]) {
      expect(tierProblems(tier, "AKSLongTermSupport").map(line)).toEqual([
        `AKSFT-CLUSTER-05 tier: got "${tier}"; supportPlan "AKSLongTermSupport" needs tier "Premium"; fix: use "Premium"`,
      ]);
    }
    expect(tierProblems("Premium", "AKSLongTermSupport")).toEqual([]);
    expect(tierProblems("Premium", "KubernetesOfficial")).toEqual([]);
    expect(tierProblems("Free", "KubernetesOfficial")).toEqual([]);
  });

  it("refuses words that are none", () => {
    expect(tierProblems("Gold", "LTS").map(line)).toEqual([
      'AKSFT-CLUSTER-05 tier: got "Gold"; must be one of Free, Standard, Premium; fix: use one of Free, Standard, Premium',
      'AKSFT-CLUSTER-05 supportPlan: got "LTS"; must be one of KubernetesOfficial, AKSLongTermSupport; fix: use one of KubernetesOfficial, AKSLongTermSupport',
    ]);
  });

  it("comes with Premium unless told otherwise", () => {
    const support = (changes: object) => planCluster("ai", { privateApiServer: true, asOf: "2026-11-26", ...changes }).supportPlan;
    expect(support({ tier: "Premium" })).toBe("AKSLongTermSupport");
    expect(support({ tier: "Premium", supportPlan: "KubernetesOfficial" })).toBe("KubernetesOfficial");
  });
});

describe("add-ons", () => {
  it.each([[23, 24], [2161, 2160]])("clean images every %p hours: refused, %p proposed", (imageCleanerHours, proposed) => {
    expect(addOnProblems({ imageCleanerHours }, "Standard").map(line)).toEqual([
      `AKSFT-CLUSTER-23 addOns.imageCleanerHours: got ${imageCleanerHours}; must be a whole number from 24 to 2160; fix: use ${proposed}`,
    ]);
    expect(addOnProblems({ imageCleanerHours: proposed }, "Standard")).toEqual([]);
  });

  it("analyse cost on paid tiers", () => {
    expect(addOnProblems({ costAnalysis: true }, "Free").map(line)).toEqual([
      'AKSFT-CLUSTER-24 addOns.costAnalysis: got true; needs tier "Standard" or "Premium", and tier is "Free"; fix: remove it, or use tier "Standard"',
    ]);
    expect(addOnProblems({ costAnalysis: true }, "Standard")).toEqual([]);
    expect(addOnProblems({ costAnalysis: false }, "Free")).toEqual([]);
  });

  it("are what they are given", () => {
    const given = { azurePolicy: true, keyVaultSecrets: true, kaito: true, imageCleanerHours: 24, costAnalysis: true };
    expect(planAddOns("development", given)).toEqual(given);
  });
});

describe("encryption", () => {
  const SET = `${PROVIDERS}/Microsoft.Compute/diskEncryptionSets/keys`;
  const KEY = `https://vault.vault.azure.net/keys/etcd/${"a".repeat(32)}`;
  const problems = (decisions: EncryptionDecisions): string[] => encryptionProblems(decisions).map(line);

  it("is at the host in production, unless told otherwise", () => {
    expect([encryptsAtHost("production", {}), encryptsAtHost("development", {})]).toEqual([true, false]);
    expect([encryptsAtHost("production", { atHost: false }), encryptsAtHost("development", { atHost: true })]).toEqual([false, true]);
  });

  it("wants the ids that Azure wants", () => {
    expect(problems({ diskEncryptionSetId: "keys", etcd: { keyId: "https://vault.vault.azure.net/keys/etcd", vaultId: "vault" } })).toEqual([
      'AKSFT-CLUSTER-25 encryption.diskEncryptionSetId: got "keys"; needs the id of 1 disk encryption set; ' +
        'fix: use "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/diskEncryptionSets/NAME"',
      'AKSFT-CLUSTER-26 encryption.etcd.keyId: got "https://vault.vault.azure.net/keys/etcd"; needs the address of a key with its version of 32 characters; ' +
        'fix: use "https://VAULT.vault.azure.net/keys/NAME/VERSION"',
    ]);
    expect(problems({ diskEncryptionSetId: SET, etcd: { keyId: KEY, vaultId: "vault", vaultAccess: "Private" } })).toEqual([]);
    expect(problems({ diskEncryptionSetId: pulumi.output("later"), etcd: { keyId: pulumi.output("later"), vaultId: "vault" } })).toEqual([]);
  });

  it("knows two ways to a vault", () => {
    expect(problems({ etcd: { keyId: KEY, vaultId: "vault", vaultAccess: "private" as "Private" } })).toEqual([
      'AKSFT-CLUSTER-26 encryption.etcd.vaultAccess: got "private"; must be one of Public, Private; fix: did you mean "Private"?',
    ]);
  });
});

describe("an identity", () => {
  const FIX =
    'fix: use "/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME", or leave identity out for one of the cluster\'s own';

  it("that exists has an id and a principal", () => {
    expect(identityProblems({ id: "", principalId: "" }).map(line)).toEqual([
      `AKSFT-CLUSTER-27 identity.id: got ""; needs the id of 1 user-assigned identity; ${FIX}`,
      'AKSFT-CLUSTER-27 identity.principalId: got ""; needs the object id of the identity\'s principal, to which 1 role or more is given; fix: use the identity\'s principalId',
    ]);
    expect(identityProblems({} as { id: string; principalId: string })).toHaveLength(2);
    expect(identityProblems({ id: IDENTITY, principalId: "principal" })).toEqual([]);
    expect(identityProblems(undefined)).toEqual([]);
  });

  it("that is not known yet is looked at when it is", () => {
    expect(identityProblems({ id: pulumi.output(""), principalId: pulumi.output("") })).toEqual([]);
    expect(checkedIdentityId('Cluster "ai"', IDENTITY)).toBe(IDENTITY);
    expect(() => checkedIdentityId('Cluster "ai"', "")).toThrow("AKSFT-CLUSTER-27 identity.id");
  });
});
