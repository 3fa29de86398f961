import * as fc from "fast-check";
import type { ClusterArgs, SystemPoolDecisions, UpgradeDecisions, WorkloadPoolDecisions, Zone } from "../../../components";
import { NODE_OS_CHANNELS, UPGRADE_CHANNELS, WEEK_DAYS } from "../../../components/plan/cluster/upgrades";
import { parseRange } from "../../../components/plan/network/address-ranges";
import type { Placed } from "../subjects/shared";
import { NETWORKS, type NetworkKind } from "../world";
import { callers, dotted, environments, from, locations, optional, tags } from "./common";

type Args = Omit<ClusterArgs, "resourceGroupName" | "network" | "override">;

export type ClusterGiven = Args &
  Placed & {
    readonly network: NetworkKind;
    /** What is not the cluster's own. */
    readonly existing: readonly ("identity" | "logs" | "metrics")[];
  };

const names = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,40}[a-zA-Z0-9])?$/), fc.constant("c".repeat(63)));
const prefixes = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,40}[a-zA-Z0-9])?$/), fc.constant("p".repeat(54)));

/** Who may reach the API server: listed ranges, the network, or, in development, everybody. */
const access = fc.oneof(
  fc.record({ environment: optional(environments), authorizedIpRanges: fc.array(callers, { minLength: 1, maxLength: 5 }), privateApiServer: optional(fc.constant(false)) }),
  fc.record({ environment: optional(environments), privateApiServer: fc.constant(true) }),
  fc.record({ environment: fc.constant("development" as const), authorizedIpRanges: optional(fc.constant([])) }),
);

/** Versions with a day on which AKS supports them, tiers with what they sell. */
const versions: fc.Arbitrary<Pick<Args, "kubernetesVersion" | "asOf" | "tier" | "supportPlan" | "addOns">> = fc.oneof(
  fc.record({
    kubernetesVersion: optional(fc.constantFrom("1.34" as const, "1.35" as const, "1.36" as const, "1.37" as const, "1.35.4" as const)),
    asOf: fc.constantFrom("2026-11-26", "2026-11-30"),
    tier: fc.constantFrom("Standard" as const, "Premium" as const),
    addOns: optional(addOns(fc.boolean())),
  }),
  fc.record({ asOf: fc.constant("2027-06-30"), kubernetesVersion: fc.constantFrom("1.36" as const, "1.37" as const), tier: optional(fc.constant("Free" as const)), addOns: optional(addOns(fc.constant(false))) }),
  fc.record({ asOf: fc.constant("2027-11-30"), kubernetesVersion: fc.constant("1.34" as const), tier: fc.constant("Premium" as const), supportPlan: optional(fc.constant("AKSLongTermSupport" as const)) }),
);

function addOns(costAnalysis: fc.Arbitrary<boolean>) {
  return fc.record(
    { azurePolicy: fc.boolean(), keyVaultSecrets: fc.boolean(), kaito: fc.boolean(), imageCleanerHours: from(24, 2160), costAnalysis },
    { requiredKeys: [] },
  );
}

const zones = fc.subarray<Zone>(["1", "2", "3"]);
/** Sizes, and a disk that each is known to have. */
const machines = fc.constantFrom<Pick<SystemPoolDecisions, "vmSize" | "osDisk">>(
  { vmSize: "Standard_D4s_v5" },
  { vmSize: "Standard_D8ds_v5", osDisk: "Ephemeral" },
  { vmSize: "Standard_E4ds_v5", osDisk: "Managed" },
  { vmSize: "Standard_D4as_v4" },
  {},
);
const systemPool = fc
  .tuple(machines, fc.record({ nodes: from(1, 1000), zones, dedicated: fc.boolean(), maxPods: from(10, 250) }, { requiredKeys: [] }))
  .map(([machine, pool]): SystemPoolDecisions => ({ ...machine, ...pool }));

const workloadMachines = fc.tuple(machines, fc.record({ zones, maxPods: from(10, 250) }, { requiredKeys: [] })).map(([machine, pool]) => ({ ...machine, ...pool }));
const scalingPool = fc
  // Nodes that run count against the quota of the subscription.
  .tuple(workloadMachines, optional(fc.tuple(from(0, 50), from(1, 950))))
  .map(([pool, counts]): WorkloadPoolDecisions => (counts ? { ...pool, minNodes: counts[0], maxNodes: counts[0] + counts[1] } : pool));
const fixedPool = fc.tuple(workloadMachines, from(1, 50)).map(([pool, minNodes]): WorkloadPoolDecisions => ({ ...pool, minNodes }));

const minutes = from(1, 1440);
const provisioning: fc.Arbitrary<Pick<Args, "nodeProvisioning" | "autoscaler" | "workloadPool">> = fc.oneof(
  fc.record({
    nodeProvisioning: optional(fc.constant("autoscaler" as const)),
    autoscaler: optional(
      fc.record(
        {
          expander: fc.constantFrom("least-waste" as const, "priority" as const, "most-pods" as const, "random" as const),
          maxNodeProvisionMinutes: minutes,
          scaleDownUnneededMinutes: minutes,
          scaleDownDelayAfterAddMinutes: from(0, 1440),
        },
        { requiredKeys: [] },
      ),
    ),
    workloadPool: optional(fc.oneof(scalingPool, fc.constant(false as const))),
  }),
  fc.record({ nodeProvisioning: fc.constant("node-auto-provisioning" as const), workloadPool: optional(fc.oneof(fixedPool, fc.constant(false as const))) }),
);

const windows = fc.record(
  {
    dayOfWeek: fc.constantFrom(...WEEK_DAYS),
    startTime: fc.constantFrom("00:00", "01:30", "23:59"),
    utcOffset: fc.constantFrom("-12:00", "+05:30", "+14:00"),
    durationHours: from(4, 24),
  },
  { requiredKeys: [] },
);
const upgrades = fc
  .record<UpgradeDecisions, never>(
    { channel: fc.constantFrom(...UPGRADE_CHANNELS), nodeOsChannel: fc.constantFrom(...NODE_OS_CHANNELS), window: windows, nodeOsWindow: windows },
    { requiredKeys: [] },
  )
  .map((all): UpgradeDecisions => (all.channel === "node-image" ? { ...all, nodeOsChannel: "NodeImage" } : all));

const monitoring: fc.Arbitrary<Args["monitoring"]> = fc.oneof(
  fc.constant(undefined),
  fc.record({ logs: fc.constant(true), retentionDays: optional(from(30, 730)), containerLogs: optional(fc.boolean()), metrics: optional(fc.boolean()), defender: optional(fc.boolean()) }),
  fc.record({ logs: fc.constant(false), metrics: optional(fc.boolean()), containerLogs: optional(fc.constant(false)) }),
);

const VAULT = "/subscriptions/security/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/ai";
const encryption: fc.Arbitrary<Args["encryption"]> = fc.record(
  {
    atHost: fc.boolean(),
    diskEncryptionSetId: fc.constant("/subscriptions/security/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/ai"),
    etcd: fc.record(
      { keyId: fc.constant(`https://ai.vault.azure.net/keys/etcd/${"a".repeat(32)}`), vaultId: fc.constant(VAULT), vaultAccess: fc.constantFrom("Public" as const, "Private" as const) },
      { requiredKeys: ["keyId", "vaultId"] },
    ),
  },
  { requiredKeys: [] },
);

/** Ranges that hold the most nodes that are drawn and that no network of the world uses. */
const addresses = fc
  .tuple(optional(fc.constantFrom("172.16.0.0/13", "100.64.0.0/10")), optional(fc.constantFrom("10.96.0.0/12", "172.24.0.0/16", "192.168.0.0/28")), optional(fc.nat()))
  .map(([podRange, serviceRange, where]): Pick<Args, "podRange" | "serviceRange" | "dnsServiceIp"> => {
    const range = parseRange(serviceRange ?? "10.96.0.0/16");
    if (!range || where === undefined) return { podRange, serviceRange };
    // The first two addresses and the last one are taken.
    return { podRange, serviceRange, dnsServiceIp: dotted(range.first + 2 + (where % (range.last - range.first - 2))) };
  });

const rest = fc.record<Pick<Args, "location" | "dnsPrefix" | "systemPool" | "upgrades" | "encryption" | "tags" | "deployerType" | "login">, never>(
  {
    location: locations,
    dnsPrefix: prefixes,
    systemPool,
    upgrades,
    encryption,
    tags,
    deployerType: fc.constantFrom("User", "ServicePrincipal"),
    login: fc.constantFrom("azurecli", "workloadidentity", "spn", "msi"),
  },
  { requiredKeys: [] },
);

const surroundings = fc.record({
  network: fc.constantFrom(...NETWORKS),
  existing: fc.subarray<ClusterGiven["existing"][number]>(["identity", "logs", "metrics"]),
  monitoring,
});

export const clusterGiven = fc.record({
  name: names,
  args: fc
    .tuple(access, versions, provisioning, addresses, rest, surroundings)
    .map(([who, version, nodes, ranges, more, around]): ClusterGiven => ({ ...who, ...version, ...nodes, ...ranges, ...more, ...around })),
});
