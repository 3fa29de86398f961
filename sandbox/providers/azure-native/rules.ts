import type { JsonObject } from "../values";
import type { ArmError } from "./arm-error";
import { agentPoolRules } from "./resources/agent-pool";
import { clusterRules } from "./resources/cluster";
import { federatedCredentialRules, identityRules, roleAssignmentRules } from "./resources/identity";
import { maintenanceRules } from "./resources/maintenance";
import {
  collectionAssociationRules,
  collectionEndpointRules,
  collectionRuleRules,
  diagnosticSettingRules,
  monitorWorkspaceRules,
} from "./resources/monitor";
import { natGatewayRules, publicAddressRules, subnetRules, virtualNetworkRules } from "./resources/network";
import { privateEndpointRules, privateLinkRules, privateZoneRules, zoneGroupRules } from "./resources/private-endpoints";
import { genericResourceRules, registryRules, replicationRules } from "./resources/registry";
import { scopeMapRules, tokenRules } from "./resources/registry-token";
import { roleDefinitionRules } from "./resources/role-definitions";
import { securityGroupRules } from "./resources/security-groups";
import type { ResourceRecord, StateStore } from "./state";
import { fileServiceRules, fileShareRules, storageAccountRules } from "./resources/storage";
import { workspaceRules } from "./resources/workspace";

/** What the rules can see of the subscription around a resource. */
export interface World {
  readonly state: StateStore;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** The caller's own principal, which the directory knows. */
  readonly callerObjectId: string;
  /** Host on which the sandbox's registries listen; undefined where no cluster runs beside the stand-in. */
  readonly registryHost: string | undefined;
}

/** A PUT on its way. */
export interface Write {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** The resource's own location, else its group's. */
  readonly location: string;
  readonly inputs: JsonObject;
  /** Undefined when the resource is new. */
  readonly before: ResourceRecord | undefined;
  /** What `assign` chose when the resource was created; empty in previews. */
  readonly assigned: JsonObject;
  readonly world: World;
}

export interface Exclusive {
  /** Resource that takes one write at a time. */
  readonly id: string;
  readonly refusal: (running: string) => ArmError;
}

/** What Azure does with one type beyond storing it. */
export interface TypeRules {
  /** Throws an ArmError for what Azure refuses. */
  readonly validate?: (write: Write) => void;
  /** Choices that Azure makes once, at creation, and that are not computed from the inputs. */
  readonly assign?: (write: Write) => Promise<JsonObject>;
  /** Properties that Azure adds or completes. Must not depend on anything but its argument: previews call it too. */
  readonly outputs?: (write: Write) => JsonObject;
  readonly validateDelete?: (record: ResourceRecord, world: World) => void;
  readonly exclusive?: (id: string) => Exclusive;
  /** Counted by AKS's write limits. */
  readonly throttled?: boolean;
  /** How long a write takes, so that writes that overlap are seen to overlap. */
  readonly milliseconds?: number;
  /** Waits until what was created answers. */
  readonly settled?: (record: ResourceRecord, signal: AbortSignal) => Promise<void>;
}

const RULES: Readonly<Record<string, TypeRules>> = {
  "azure-native:resources:ResourceGroup": { outputs: () => ({ properties: { provisioningState: "Succeeded" } }) },
  "azure-native:resources:Resource": genericResourceRules,
  "azure-native:containerregistry:Registry": registryRules,
  "azure-native:containerregistry:Replication": replicationRules,
  "azure-native:containerregistry:ScopeMap": scopeMapRules,
  "azure-native:containerregistry:Token": tokenRules,
  "azure-native:containerservice:ManagedCluster": clusterRules,
  "azure-native:containerservice:AgentPool": agentPoolRules,
  "azure-native:containerservice:MaintenanceConfiguration": maintenanceRules,
  "azure-native:managedidentity:UserAssignedIdentity": identityRules,
  "azure-native:managedidentity:FederatedIdentityCredential": federatedCredentialRules,
  "azure-native:authorization:RoleAssignment": roleAssignmentRules,
  "azure-native:authorization:RoleDefinition": roleDefinitionRules,
  "azure-native:network:VirtualNetwork": virtualNetworkRules,
  "azure-native:network:Subnet": subnetRules,
  "azure-native:network:NetworkSecurityGroup": securityGroupRules,
  "azure-native:network:NatGateway": natGatewayRules,
  "azure-native:network:PublicIPAddress": publicAddressRules,
  "azure-native:network:PrivateEndpoint": privateEndpointRules,
  "azure-native:network:PrivateDnsZoneGroup": zoneGroupRules,
  "azure-native:privatedns:PrivateZone": privateZoneRules,
  "azure-native:privatedns:VirtualNetworkLink": privateLinkRules,
  "azure-native:storage:StorageAccount": storageAccountRules,
  "azure-native:storage:FileServiceProperties": fileServiceRules,
  "azure-native:storage:FileShare": fileShareRules,
  "azure-native:operationalinsights:Workspace": workspaceRules,
  "azure-native:monitor:AzureMonitorWorkspace": monitorWorkspaceRules,
  "azure-native:monitor:DataCollectionEndpoint": collectionEndpointRules,
  "azure-native:monitor:DataCollectionRule": collectionRuleRules,
  "azure-native:monitor:DataCollectionRuleAssociation": collectionAssociationRules,
  "azure-native:monitor:DiagnosticSetting": diagnosticSettingRules,
};

export function rulesOf(type: string): TypeRules {
  return RULES[type] ?? {};
}
