import * as fc from "fast-check";
import type { RegistryArgs } from "../../../components";
import type { Placed } from "../subjects/shared";
import type { NetworkKind } from "../world";
import { callers, environments, from, locations, logicalNames, optional, repositories, tags } from "./common";

export type RegistryGiven = Omit<RegistryArgs, "resourceGroupName" | "network" | "pulledBy" | "auditWorkspaceId" | "override"> &
  Placed & {
    readonly network?: NetworkKind;
    readonly pulled: boolean;
    readonly audited: boolean;
  };

type Reached = Pick<RegistryGiven, "environment" | "publicNetwork" | "allowedIpRanges" | "network" | "exportAllowed" | "sku" | "replicas" | "untaggedRetentionDays" | "purge">;

const inside = fc.constantFrom<NetworkKind>("private", "hub");
const replicas = fc.subarray(["northeurope", "West US 2", "uksouth"]);
const premium = { sku: optional(fc.constant("Premium" as const)), replicas: optional(replicas), untaggedRetentionDays: optional(from(0, 365)) };

function purge(networkBypass: fc.Arbitrary<boolean>) {
  return fc.record(
    {
      olderThanDays: from(1, 3650),
      keep: from(1, 1000),
      filters: fc.constantFrom(["adapters/.*:.*"], [".*:run-.*", "datasets/.*:.*"]),
      untagged: fc.boolean(),
      schedule: fc.constantFrom("0 3 * * Sun", "*/15 0-6 1,15 * *"),
      dryRun: fc.boolean(),
      networkBypass,
    },
    { requiredKeys: ["networkBypass"] },
  );
}

/** Who reaches the registry decides what it needs and what it may refuse. */
const reached: fc.Arbitrary<Reached> = fc.oneof(
  fc.record({
    environment: optional(fc.constant("production" as const)),
    publicNetwork: optional(fc.constant(false)),
    network: inside,
    exportAllowed: optional(fc.boolean()),
    ...premium,
    purge: optional(purge(fc.constant(true))),
  }),
  fc.record({ environment: fc.constant("development" as const), publicNetwork: fc.constant(false), network: inside, ...premium }),
  fc.record({
    environment: optional(environments),
    publicNetwork: optional(fc.constant(true)),
    allowedIpRanges: fc.array(callers, { minLength: 1, maxLength: 5 }),
    network: optional(fc.constantFrom<NetworkKind>("bare", "private")),
    exportAllowed: optional(fc.constant(true)),
    ...premium,
    purge: optional(purge(fc.constant(true))),
  }),
  fc.record({ environment: optional(environments), publicNetwork: fc.constant(true), network: optional(inside), ...premium, purge: optional(purge(fc.boolean())) }),
  fc.record({ environment: optional(environments), publicNetwork: fc.constant(true), sku: fc.constant("Standard" as const), untaggedRetentionDays: optional(fc.constant(0)), purge: optional(purge(fc.boolean())) }),
  fc.record({ environment: fc.constant("development" as const), network: optional(fc.constant<NetworkKind>("bare")) }),
);

const pushers = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom("ServicePrincipal" as const, "User" as const, "Group" as const, undefined), repositories), { maxLength: 3, selector: ([who]) => who })
  .map((all) => Object.fromEntries(all.map(([who, principalType, prefix]) => [who, { principalId: `${who}-object-id`, principalType, prefix }])));

const rest = fc.record<Pick<RegistryGiven, "registryName" | "zoneRedundant" | "location" | "pullPrefix" | "pushedBy" | "tags" | "pulled" | "audited">, "pulled" | "audited">(
  {
    registryName: fc.oneof(fc.stringMatching(/^[a-zA-Z0-9]{5,50}$/), fc.constant("mlreg"), fc.constant("r".repeat(50))),
    zoneRedundant: fc.boolean(),
    location: locations,
    pullPrefix: repositories,
    pushedBy: pushers,
    tags,
    pulled: fc.boolean(),
    audited: fc.boolean(),
  },
  { requiredKeys: ["pulled", "audited"] },
);

export const registryGiven = fc.record({
  name: logicalNames,
  args: fc.tuple(reached, rest).map(([reach, more]): RegistryGiven => ({ ...reach, ...more })),
});
