import type { Input } from "@pulumi/pulumi";
import { shortHash } from "../digest";
import { type Problem, refuse } from "../refuse";
import { choiceProblems } from "../spelling";
import { wholeNumber } from "../whole-number";
import { repositoryProblems } from "./repositories";
import { type ResourceManager, type ResourceManagerSettings, resourceManager, resourceManagerProblems } from "./resource-manager";

export const REGISTRY_ACCESSES = ["pull", "push"] as const;
/**
 * What a password is for; who pushes reads as well.
 * @useDeclaredType
 */
export type RegistryAccess = (typeof REGISTRY_ACCESSES)[number];

/** What decides about a registry's password. */
export interface RegistrySecretDecisions {
  /** The one repository that the password opens, without the registry's host. */
  readonly repository: string;
  /** Whether it may only be read. */
  readonly access: RegistryAccess;
  /** Life of the password from when it is minted, 1 to 8760 hours. It should outlast what uses it. */
  readonly validHours: number;
  /** What the password is minted for, for example a run's id: another value mints another password. @default - nothing in particular */
  readonly mintedFor?: string;
  /** Name of the Secret in Kubernetes. @default - the logical name */
  readonly secretName?: string;
  /** Whether `pulumi up` mints another password once two thirds of its life are over, for what runs without an end. @default false */
  readonly renew?: boolean;
}

export interface RegistrySecretPlan {
  /** Name of the token and of its scope map, and the user name of whoever signs in. */
  readonly tokenName: string;
  readonly actions: readonly string[];
  readonly secretName: string;
  readonly validHours: number;
  readonly renew: boolean;
  readonly resourceManager: ResourceManager;
}

/** What is known around a secret when it is planned. */
export interface RegistrySecretSurroundings {
  readonly project: string;
  readonly stack: string;
  readonly registryId: Input<string>;
  readonly resourceManager: ResourceManagerSettings;
}

/** A year, the longest life of a password that this library calls short. */
const LONGEST_HOURS = 8760;

export function planRegistrySecret(name: string, decisions: RegistrySecretDecisions, around: RegistrySecretSurroundings): RegistrySecretPlan {
  const { repository, access, validHours, secretName = name, renew = false } = decisions;
  refuse(`RegistrySecret "${name}"`, [
    ...repositoryProblems("AKSFT-SECRET-01", "repository", repository),
    ...choiceProblems("AKSFT-SECRET-02", "access", access, REGISTRY_ACCESSES),
    ...wholeNumber("AKSFT-SECRET-03", "validHours", validHours, 1, LONGEST_HOURS),
    ...secretNameProblems(decisions.secretName === undefined ? "name" : "secretName", secretName),
    ...registryIdProblems(around.registryId),
    ...resourceManagerProblems(around.resourceManager),
  ]);
  return {
    tokenName: derivedTokenName(around.project, around.stack, name),
    actions: actionsOf(repository, access),
    secretName,
    validHours,
    renew,
    resourceManager: resourceManager(around.resourceManager),
  };
}

/** https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions#concepts */
function actionsOf(repository: string, access: RegistryAccess): string[] {
  const may = access === "push" ? ["read", "write"] : ["read"];
  return may.map((what) => `repositories/${repository}/content/${what}`);
}

/**
 * 5 to 50 letters, digits and hyphens: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry.
 * Two stacks that share a registry get two tokens.
 */
function derivedTokenName(project: string, stack: string, name: string): string {
  const readable = name.replace(/[^a-zA-Z0-9]+/g, "-").replace(/^-/, "").slice(0, 40).replace(/-$/, "");
  const hash = shortHash(`${project}/${stack}/${name}`, 8);
  return readable === "" ? hash : `${readable}-${hash}`;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
function secretNameProblems(path: string, name: string): Problem[] {
  const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
  if (name.length <= 253 && name.split(".").every((part) => label.test(part))) return [];
  const mended = name.toLowerCase().slice(0, 253).split(/[^a-z0-9]+/).filter((part) => part !== "").join("-") || "registry";
  const rule = `needs lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part, at most 253 characters, has ${name.length}`;
  return [{ code: "AKSFT-SECRET-04", path, got: name, rule, fix: `use for example ${path === "name" ? "secretName: " : ""}"${mended}"` }];
}

/** A registry, as its resource id names it. */
export interface RegistryPlace {
  readonly resourceGroupName: string;
  readonly registryName: string;
}

const REGISTRY_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerRegistry\/registries\/([^/]+)$/i;

export function registryPlace(id: string): RegistryPlace {
  const [, resourceGroupName = "", registryName = ""] = REGISTRY_ID.exec(id) ?? [];
  return { resourceGroupName, registryName };
}

/** Where the token is made follows from the registry's id. One that is not known yet is held to the same when it is. */
export function registryIdProblems(id: Input<string> | undefined, path = "registry.id"): Problem[] {
  if (typeof id !== "string" || REGISTRY_ID.test(id)) return [];
  const fix = 'use "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/NAME"';
  return [{ code: "AKSFT-SECRET-05", path, got: id, rule: "is no resource id of a container registry", fix }];
}

/** Between the minting of a password and the beginning of its run, which waits for the Secret alone, and for a push that is under way at the deadline. */
const MARGIN_HOURS = 2;

/**
 * The whole hours for which a run's password must be valid. The deadline counts from when the run's Job is made, right after the Secret, and
 * has the wait for a node in it: no day need be added for that, which a leaked password would be good for.
 */
export function hoursForRun(deadlineHours: number): number {
  return Math.min(Math.ceil(deadlineHours) + MARGIN_HOURS, LONGEST_HOURS);
}
