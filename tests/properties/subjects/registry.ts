import { Registry } from "../../../components";
import { type RegistryGiven, registryGiven } from "../arbitraries/registry";
import type { Mutation, Subject } from "../subject";
import { groupMutations, tagMutations } from "./shared";

type Row = Mutation<RegistryGiven>;

const NOTHING = {
  ...{ sku: undefined, replicas: undefined, untaggedRetentionDays: undefined, exportAllowed: undefined, purge: undefined },
  ...{ allowedIpRanges: undefined, publicNetwork: undefined, network: undefined, location: undefined },
};
/** Reached by everybody who may log in, through private endpoints, and from listed addresses. */
const OPEN = { args: { ...NOTHING, environment: "development", publicNetwork: true } };
const PRIVATE = { args: { ...NOTHING, environment: "production", network: "private" } };
const LISTED = { args: { ...NOTHING, environment: "production", allowedIpRanges: ["203.0.113.8/32"] } };

const named = (registryName: string) => ({ args: { registryName } });
const ofName = { code: "AKSFT-NAME-01", argument: "registryName" } as const;
const ofSku = { code: "AKSFT-REG-01", argument: "sku", rule: "a registry that is not open to all is Premium", alone: true } as const;
const reach: readonly Row[] = [
  { ...ofName, fault: "a name of two characters", rule: "a registry's name has 5 characters at least", ...named("ml"), nearest: named("mlreg") },
  { ...ofName, fault: "a hyphen in the name", rule: "a registry's name is letters and digits", ...named("my-registry"), nearest: named("myregistry") },
  { ...ofName, fault: "a name of 51 characters", rule: "a registry's name has 50 characters at most", ...named("r".repeat(51)), nearest: named("r".repeat(50)) },
  { ...ofSku, fault: "a Basic registry with a private endpoint", on: PRIVATE, args: { sku: "Basic" }, nearest: { args: { sku: "Premium" } } },
  { ...ofSku, fault: "a Standard registry with a private endpoint", on: OPEN, args: { sku: "Standard", network: "private" }, nearest: { args: { sku: "Premium", network: "private" } } },
  { ...ofSku, fault: "a Standard registry for listed addresses", on: LISTED, args: { sku: "Standard" }, nearest: { args: { sku: "Premium" } } },
  { ...ofSku, fault: "a Standard registry with a replica", on: OPEN, args: { sku: "Standard", replicas: ["northeurope"] }, nearest: { args: { sku: "Premium", replicas: ["northeurope"] } } },
  { fault: "a Basic registry", code: "AKSFT-REG-01", argument: "sku", on: OPEN, args: { sku: "Basic" }, nearest: { args: { sku: "Standard" } } },
  { fault: "a registry that nobody reaches", code: "AKSFT-REG-02", argument: "network", on: PRIVATE, args: { network: undefined }, nearest: { args: { network: "hub" } }, alone: true },
  { fault: "addresses that are let in and are not", code: "AKSFT-REG-03", argument: "allowedIpRanges", on: LISTED, args: { publicNetwork: false }, nearest: { args: { publicNetwork: true } }, alone: true },
  { fault: "an address that is not on the Internet", code: "AKSFT-REG-06", argument: "allowedIpRanges", on: LISTED, args: { allowedIpRanges: ["10.0.0.0/24"] }, nearest: { args: { allowedIpRanges: ["203.0.113.0/24"] } } },
  { fault: "the whole Internet as a list", code: "AKSFT-REG-06", argument: "allowedIpRanges", on: LISTED, args: { allowedIpRanges: ["0.0.0.0/0"] }, nearest: { args: { allowedIpRanges: ["203.0.113.8"] } }, alone: true },
  { fault: "exports forbidden where everybody pulls", code: "AKSFT-REG-12", argument: "exportAllowed", on: OPEN, args: { exportAllowed: false }, nearest: { args: { exportAllowed: true } }, alone: true },
];

const purged = (purge: object) => ({ args: { purge } });
const keeping: readonly Row[] = [
  { fault: "retention of a day more than a year", code: "AKSFT-REG-04", argument: "untaggedRetentionDays", on: PRIVATE, args: { untaggedRetentionDays: 366 }, nearest: { args: { untaggedRetentionDays: 365 } } },
  { fault: "a copy where the registry is", code: "AKSFT-REG-05", argument: "replicas", on: PRIVATE, args: { location: "westeurope", replicas: ["West Europe"] }, nearest: { args: { location: "westeurope", replicas: ["northeurope"] } }, alone: true },
  { fault: "two copies in one region", code: "AKSFT-REG-05", argument: "replicas", on: PRIVATE, args: { replicas: ["uksouth", "UK South"] }, nearest: { args: { replicas: ["uksouth", "ukwest"] } } },
  { fault: "a purge of today's tags", code: "AKSFT-REG-08", argument: "purge.olderThanDays", on: OPEN, ...purged({ olderThanDays: 0 }), nearest: purged({ olderThanDays: 1 }) },
  { fault: "a purge of the newest tag too", code: "AKSFT-REG-08", argument: "purge.keep", on: OPEN, ...purged({ keep: 0 }), nearest: purged({ keep: 1 }) },
  { fault: "a purge of nothing", code: "AKSFT-REG-09", argument: "purge.filters", on: OPEN, ...purged({ filters: [] }), nearest: purged({ filters: [".*:.*"] }) },
  { fault: "a filter that ends its argument", code: "AKSFT-REG-09", argument: "purge.filters", on: OPEN, ...purged({ filters: ["a' --dry-run:.*"] }), nearest: purged({ filters: ["a:.*"] }) },
  { fault: "a schedule of four fields", code: "AKSFT-REG-10", argument: "purge.schedule", on: OPEN, ...purged({ schedule: "0 3 * *" }), nearest: purged({ schedule: "0 3 * * *" }) },
  { fault: "a purge that the registry shuts out", code: "AKSFT-REG-11", argument: "purge.networkBypass", on: PRIVATE, ...purged({}), nearest: purged({ networkBypass: true }), alone: true },
];

const pushed = (prefix: string) => ({ args: { pushedBy: { ci: { principalId: "ci-object-id", prefix } } } });
const asked = (args: object): Pick<Row, "args" | "nearest"> => ({ args, nearest: { args: Object.fromEntries(Object.keys(args).map((key) => [key, undefined])) } });
const rights: readonly Row[] = [
  { fault: "the admin user", code: "AKSFT-REG-07", argument: "adminUserEnabled", rule: "a registry has no admin user", ...asked({ adminUserEnabled: true }) },
  { fault: "the admin user, in other tools' words", code: "AKSFT-REG-07", argument: "adminUser", rule: "a registry has no admin user", ...asked({ adminUser: true }) },
  { fault: "content trust", code: "AKSFT-REG-07", argument: "contentTrust", rule: "a registry has no content trust", ...asked({ contentTrust: true }) },
  { fault: "content trust, in Azure's words", code: "AKSFT-REG-07", argument: "trustPolicy", rule: "a registry has no content trust", ...asked({ trustPolicy: { status: "enabled" } }) },
  { fault: "pulls without a login", code: "AKSFT-REG-07", argument: "anonymousPullEnabled", ...asked({ anonymousPullEnabled: true }) },
  { fault: "a prefix with capitals", code: "AKSFT-REG-13", argument: "pullPrefix", args: { pullPrefix: "Datasets" }, nearest: { args: { pullPrefix: "datasets" } } },
  { fault: "a pusher's prefix that ends with a slash", code: "AKSFT-REG-13", argument: "pushedBy.ci.prefix", ...pushed("datasets/"), nearest: pushed("datasets") },
];

export const registry: Subject<RegistryGiven> = {
  given: registryGiven,
  register: ({ name, args }, world) => {
    const { pulled, audited, network, resourceGroupName = world.resourceGroupName, pushedBy = {}, ...rest } = args;
    const pushers = Object.entries(pushedBy).map(([who, pusher]) => [who, { ...pusher, principalId: world.passed(pusher.principalId) }]);
    return new Registry(name, {
      ...rest,
      resourceGroupName,
      network: network && world.network(network),
      pulledBy: pulled ? world.cluster() : undefined,
      pushedBy: Object.fromEntries(pushers),
      auditWorkspaceId: audited ? world.logs.id : undefined,
    });
  },
  mutations: [...reach, ...keeping, ...rights, ...groupMutations<RegistryGiven>(), ...tagMutations<RegistryGiven>()],
};
