import { PRINCIPAL, SUBSCRIPTION, type ArmReply } from "./loopback-arm";

/** Members of Azure's lists as its documentation shows them, with the fields around those that are read. */
export function usage(value: string, localizedValue: string, currentValue: number, limit: number): unknown {
  return { limit, unit: "Count", currentValue, name: { value, localizedValue } };
}

export interface SkuOptions {
  readonly family?: string;
  readonly vcpus?: number;
  readonly zones?: readonly string[];
  readonly location?: string;
  /** Reason for which the region is closed to the subscription. */
  readonly closed?: string;
  readonly closedZones?: readonly string[];
}

export function sku(name: string, { family = "standardDDSv5Family", vcpus = 4, zones = ["3", "1", "2"], location = "eastus", closed, closedZones = [] }: SkuOptions = {}): unknown {
  const restriction = (type: string, zonesOf: readonly string[], reasonCode: string) => ({
    type,
    values: [location],
    restrictionInfo: { locations: [location], ...(type === "Zone" ? { zones: zonesOf } : {}) },
    reasonCode,
  });
  return {
    resourceType: "virtualMachines",
    name,
    tier: "Standard",
    size: name.replace("Standard_", ""),
    family,
    locations: [location],
    locationInfo: [{ location, zones, zoneDetails: [] }],
    capabilities: [
      { name: "MaxResourceVolumeMB", value: "153600" },
      { name: "vCPUs", value: String(vcpus) },
    ],
    restrictions: [
      ...(closed === undefined ? [] : [restriction("Location", [], closed)]),
      ...(closedZones.length === 0 ? [] : [restriction("Zone", closedZones, "NotAvailableForSubscription")]),
    ],
  };
}

export function provider(namespace: string, registrationState = "Registered"): unknown {
  return { id: `/subscriptions/${SUBSCRIPTION}/providers/${namespace}`, namespace, registrationPolicy: "RegistrationRequired", resourceTypes: [], registrationState };
}

const ROLE_IDS = {
  Owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;
export type BuiltInRole = keyof typeof ROLE_IDS;

/** Actions of the built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/general */
const ACTIONS: Readonly<Record<BuiltInRole, { readonly actions: readonly string[]; readonly notActions: readonly string[] }>> = {
  Owner: { actions: ["*"], notActions: [] },
  Contributor: {
    actions: ["*"],
    notActions: ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"],
  },
  "Role Based Access Control Administrator": {
    actions: ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete", "*/read", "Microsoft.Support/*"],
    notActions: [],
  },
  Reader: { actions: ["*/read"], notActions: [] },
};

function definitionId(role: BuiltInRole): string {
  return `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE_IDS[role]}`;
}

export function assignment(role: BuiltInRole, scope = `/subscriptions/${SUBSCRIPTION}`, condition?: string): unknown {
  return {
    properties: { roleDefinitionId: definitionId(role), principalId: PRINCIPAL, principalType: "User", scope, condition: condition ?? null },
    type: "Microsoft.Authorization/roleAssignments",
    name: "0d8c5a2e-0000-4000-8000-000000000000",
  };
}

/** Every built-in role under its path. */
export const ROLE_DEFINITIONS: Readonly<Record<string, ArmReply>> = Object.fromEntries(
  (Object.keys(ROLE_IDS) as BuiltInRole[]).map((role) => [
    definitionId(role).replace(`/subscriptions/${SUBSCRIPTION}`, ""),
    { document: { properties: { roleName: role, type: "BuiltInRole", permissions: [{ ...ACTIONS[role], dataActions: [], notDataActions: [] }] } } },
  ]),
);

export const PATHS = {
  subscription: "",
  providers: "/providers",
  encryptionAtHost: "/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost",
  roleAssignments: "/providers/Microsoft.Authorization/roleAssignments",
  skus: "/providers/Microsoft.Compute/skus",
  usages: "/providers/Microsoft.Compute/locations/eastus/usages",
  versions: "/providers/Microsoft.ContainerService/locations/eastus/kubernetesVersions",
} as const;

const PROVIDERS = ["Compute", "ContainerService", "ContainerRegistry", "ManagedIdentity", "Network", "Storage", "Insights", "OperationalInsights", "Monitor", "Security", "PolicyInsights"];

export function versions(...minors: readonly (readonly [minor: string, ...patches: string[]])[]): ArmReply {
  const values = minors.map(([version, ...patches]) => ({
    version,
    capabilities: { supportPlan: ["KubernetesOfficial", "AKSLongTermSupport"] },
    isPreview: version === "1.37" ? true : null,
    patchVersions: Object.fromEntries(patches.map((patch) => [patch, { upgrades: [] }])),
  }));
  return { document: { values } };
}

/** A subscription that lacks nothing for the production stack. */
export const READY: Readonly<Record<string, ArmReply>> = {
  [PATHS.subscription]: { document: { subscriptionId: SUBSCRIPTION, displayName: "ML Platform", state: "Enabled" } },
  [PATHS.providers]: { list: [...PROVIDERS.map((name) => provider(`microsoft.${name}`)), provider("Microsoft.BotService", "NotRegistered")] },
  [PATHS.encryptionAtHost]: { document: { properties: { state: "Registered" }, name: "Microsoft.Compute/EncryptionAtHost" } },
  [PATHS.roleAssignments]: { list: [assignment("Contributor"), assignment("Reader"), assignment("Role Based Access Control Administrator", "/providers/Microsoft.Management/managementGroups/all")] },
  ...ROLE_DEFINITIONS,
  [PATHS.skus]: {
    list: [
      { resourceType: "disks", name: "Premium_LRS", locations: ["eastus"] },
      sku("Standard_D4ds_v5"),
      sku("Standard_NC24ads_A100_v4", { family: "StandardNCADSA100v4Family", vcpus: 24 }),
      sku("Standard_NV36ads_A10_v5", { family: "StandardNVADSA10v5Family", vcpus: 36, zones: [] }),
    ],
  },
  [PATHS.usages]: {
    list: [
      usage("cores", "Total Regional vCPUs", 4, 400),
      usage("lowPriorityCores", "Total Regional Low-priority vCPUs", 0, 100),
      usage("standardDDSv5Family", "Standard DDSv5 Family vCPUs", 4, 100),
      usage("StandardNCADSA100v4Family", "Standard NCADSA100v4 Family vCPUs", 0, 96),
      usage("StandardNVADSA10v5Family", "Standard NVADSA10v5 Family vCPUs", 0, 144),
    ],
  },
  [PATHS.versions]: versions(["1.36", "1.36.0", "1.36.10", "1.36.2"], ["1.35", "1.35.4"], ["1.37", "1.37.0"]),
};
