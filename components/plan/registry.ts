import type { Input } from "@pulumi/pulumi";
import type { Environment } from "./environment";
import { derivedRegistryName, nameProblems } from "./names";
import { groupProblems } from "./network";
import { wholeNumber } from "./recipe";
import { type Problem, refuse } from "./refuse";
import { planPurge, type PurgeDecisions, type PurgePlan, purgeProblems } from "./registry/purge";
import { type Reach, type ReachDecisions, reachOf, reachProblems } from "./registry/reach";
import { refusedProblems } from "./registry/refused";
import { replicaProblems, replicaRegions } from "./registry/replicas";
import { repositoryProblems } from "./registry/repositories";
import { oneOf } from "./spelling";
import { tagProblems, type Tags } from "./tags";

export const REGISTRY_SKUS = ["Standard", "Premium"] as const;
/**
 * Service tier. Basic is left out: its 10 GiB are less than one trainer image and its datasets.
 * @useDeclaredType
 */
export type RegistrySku = (typeof REGISTRY_SKUS)[number];

export interface RegistryDecisions extends ReachDecisions {
  /** Production is Premium, answers on no public address, and has retention, zones and data endpoints of its own. @default "production" */
  readonly environment?: Environment;
  /** Name in Azure, unique worldwide. @default - the logical name and a hash of project, stack and name */
  readonly registryName?: string;
  /** Premium has private endpoints, address rules, replicas and retention. @default - "Premium" in production and where something asked for needs it, else "Standard" */
  readonly sku?: RegistrySku;
  /**
   * Copies in several zones. Fixed at creation, so a registry from development that becomes production keeps what it has with `false`; Azure
   * refuses it in regions without zones. @default - true in production with Premium, else Azure's own choice
   */
  readonly zoneRedundant?: boolean;
  /**
   * Days after which Azure deletes a manifest that no tag names; 0 keeps them. Locked manifests and OCI artifacts stay. An image that was built
   * with Docker and is used by digest after its tag moved on is deleted: give each build a tag of its own.
   * @default - 30 in production with Premium, else 0
   */
  readonly untaggedRetentionDays?: number;
  /** Whether images may leave by Azure's import and export pipelines; pulls are not affected. @default - false where the registry is private */
  readonly exportAllowed?: boolean;
  /**
   * Other regions that hold a copy. Needs Premium, and costs as much again each. Locks of manifests have been seen lost while they were copied
   * (https://github.com/Azure/acr/issues/592), so do not purge what is only locked. @default - none
   */
  readonly replicas?: readonly string[];
  /** Scheduled deletion of old tags. @default - nothing is deleted */
  readonly purge?: PurgeDecisions;
  /** Repositories that `pulledBy` may pull: those whose name starts with this and a slash. @default - all */
  readonly pullPrefix?: string;
  /** Tags of everything created. @default - the library's own two */
  readonly tags?: Tags;
}

/** What is passed on to Azure, and checked where it is plain. */
export interface RegistryInputs {
  readonly resourceGroupName?: Input<string>;
  readonly location?: Input<string>;
  /** Whether there is a network for a private endpoint. */
  readonly privateEndpoints: boolean;
  /** Prefixes of those who push, by name. */
  readonly pushPrefixes?: Readonly<Record<string, string>>;
}

export interface RegistryPlan {
  readonly registryName: string;
  readonly sku: RegistrySku;
  readonly reach: Reach;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly replicas: readonly string[];
  readonly zoneRedundant: boolean | undefined;
  readonly purge?: PurgePlan;
}

export function planRegistry(
  name: string,
  project: string,
  stack: string,
  decisions: RegistryDecisions,
  inputs: RegistryInputs = { privateEndpoints: false },
): RegistryPlan {
  const production = decisions.environment !== "development";
  const { registryName = derivedRegistryName(project, stack, name), purge } = decisions;
  const reach = reachOf(decisions, production);
  const premium = premiumReasons(decisions, reach, inputs);
  const sku = decisions.sku ?? (production || premium.length > 0 ? "Premium" : "Standard");
  const strict = production && sku === "Premium";
  const zoneRedundant = decisions.zoneRedundant ?? (strict ? true : undefined);
  const retentionDays = decisions.untaggedRetentionDays ?? (strict ? 30 : 0);
  refuse(`Registry "${name}"`, [
    ...nameProblems("registry", "registryName", registryName),
    ...skuProblems(sku, premium),
    ...reachProblems(decisions, reach, inputs.privateEndpoints),
    ...exportProblems(decisions, reach),
    ...wholeNumber("AKSFT-REG-04", "untaggedRetentionDays", retentionDays, 0, 365),
    ...replicaProblems(decisions.replicas ?? [], inputs.location),
    ...(purge ? purgeProblems(purge, reach !== "everywhere") : []),
    ...prefixProblems(decisions.pullPrefix, inputs.pushPrefixes),
    ...refusedProblems(decisions),
    ...groupProblems(inputs.resourceGroupName),
    ...tagProblems("tags", decisions.tags),
  ]);
  const restricted = strict || reach !== "everywhere";
  const properties = {
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    roleAssignmentMode: "AbacRepositoryPermissions",
    ...(zoneRedundant === undefined ? {} : { zoneRedundancy: zoneRedundant ? "Enabled" : "Disabled" }),
    ...(restricted ? reachProperties(decisions, reach) : {}),
    ...policies(retentionDays, reach, decisions),
  };
  return { registryName, sku, reach, properties, replicas: replicaRegions(decisions.replicas ?? []), zoneRedundant, ...(purge ? { purge: planPurge(purge) } : {}) };
}

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus */
function premiumReasons(decisions: RegistryDecisions, reach: Reach, inputs: RegistryInputs): string[] {
  const reasons: Readonly<Record<string, boolean>> = {
    "a private endpoint": inputs.privateEndpoints,
    "public access switched off": reach === "private",
    "rules on addresses": reach === "listed",
    "a replica": (decisions.replicas ?? []).length > 0,
    "retention of untagged manifests": (decisions.untaggedRetentionDays ?? 0) > 0,
  };
  return Object.keys(reasons).filter((reason) => reasons[reason]);
}

function skuProblems(sku: string, premium: readonly string[]): Problem[] {
  const known: readonly string[] = REGISTRY_SKUS;
  if (premium.length > 0 && sku !== "Premium" && (known.includes(sku) || sku === "Basic")) {
    const opened = premium.includes("public access switched off") ? ", or set publicNetwork: true" : "";
    return [{ code: "AKSFT-REG-01", path: "sku", got: sku, rule: `${premium.join(", ")} ${premium.length > 1 ? "need" : "needs"} Premium`, fix: `use "Premium"${opened}` }];
  }
  if (known.includes(sku)) return [];
  // https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.ACR.MinSku/
  const rule = sku === "Basic" ? "includes 10 GiB, less than one trainer image and its datasets, and is meant for trials" : `is none of ${known.join(", ")}`;
  return [{ code: "AKSFT-REG-01", path: "sku", got: sku, rule, fix: sku === "Basic" ? 'use "Standard"' : oneOf(sku, known) }];
}

/** Azure refuses to forbid exports from a registry that answers on the Internet. */
function exportProblems({ exportAllowed }: RegistryDecisions, reach: Reach): Problem[] {
  if (exportAllowed !== false || reach === "private") return [];
  const rule = "exports can be forbidden only where the registry does not answer on the Internet";
  return [{ code: "AKSFT-REG-12", path: "exportAllowed", got: false, rule, fix: "remove it, or make the registry private with publicNetwork: false" }];
}

function prefixProblems(pullPrefix: string | undefined, pushPrefixes: Readonly<Record<string, string>> = {}): Problem[] {
  return [
    ...(pullPrefix === undefined ? [] : repositoryProblems("AKSFT-REG-13", "pullPrefix", pullPrefix)),
    ...Object.entries(pushPrefixes).flatMap(([who, prefix]) => repositoryProblems("AKSFT-REG-13", `pushedBy.${who}.prefix`, prefix)),
  ];
}

function reachProperties({ allowedIpRanges = [], purge }: RegistryDecisions, reach: Reach): Record<string, unknown> {
  return {
    publicNetworkAccess: reach === "private" ? "Disabled" : "Enabled",
    networkRuleSet: {
      defaultAction: reach === "everywhere" ? "Allow" : "Deny",
      ipRules: allowedIpRanges.map((value) => ({ action: "Allow", value })),
    },
    // Defender scans from outside: https://learn.microsoft.com/azure/container-registry/allow-access-trusted-services
    networkRuleBypassOptions: "AzureServices",
    networkRuleBypassAllowedForTasks: purge?.networkBypass ?? false,
    // Egress rules can then name this registry's storage rather than all of Azure's.
    dataEndpointEnabled: true,
  };
}

function policies(retentionDays: number, reach: Reach, { exportAllowed = reach !== "private" }: RegistryDecisions): Record<string, unknown> {
  const retention = retentionDays > 0 ? { retentionPolicy: { days: retentionDays, status: "enabled" } } : {};
  const exporting = reach === "private" ? { exportPolicy: { status: exportAllowed ? "enabled" : "disabled" } } : {};
  const held = { ...retention, ...exporting };
  return Object.keys(held).length > 0 ? { policies: held } : {};
}
