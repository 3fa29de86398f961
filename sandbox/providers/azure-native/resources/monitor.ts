import { lastSegment } from "../arm-ids";
import { ArmError } from "../arm-error";
import { stableGuid, stableHex } from "../autonaming";
import { flagAt, objectsAt, textAt } from "../json";
import type { TypeRules, Write } from "../rules";

/** learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-containerservice-managedclusters-logs */
const CLUSTER_LOGS = [
  ...["cloud-controller-manager", "cluster-autoscaler", "guard", "karpenter-events", "kube-apiserver", "kube-audit"],
  ...["kube-audit-admin", "kube-controller-manager", "kube-scheduler"],
  ...["csi-azuredisk-controller", "csi-azurefile-controller", "csi-snapshot-controller"],
];

const SINKS = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId"];

export const diagnosticSettingRules: TypeRules = {
  validate: (write) => {
    const { inputs } = write;
    if (!SINKS.some((sink) => textAt(inputs, sink))) {
      throw new ArmError(400, "BadRequest", "At least one data sink needs to be specified.");
    }
    const onCluster = /\/managedClusters\/[^/]+$/i.test(textAt(inputs, "resourceUri") ?? "");
    const unknown = categories(inputs).find((category) => onCluster && !CLUSTER_LOGS.includes(category));
    if (unknown !== undefined) throw new ArmError(400, "BadRequest", `Category '${unknown}' is not supported.`);
    refuseSameSink(write);
  },
};

function categories(setting: Write["inputs"]): readonly string[] {
  return objectsAt(setting, "logs")
    .filter((log) => flagAt(log, "enabled") === true)
    .flatMap((log) => textAt(log, "category") ?? []);
}

/** Wording: Azure/bicep-registry-modules issue 3407. */
function refuseSameSink({ id, type, inputs, world }: Write): void {
  const resource = textAt(inputs, "resourceUri");
  const others = world.state.ofType(type).filter((other) => other.id.toLowerCase() !== id.toLowerCase());
  for (const other of others) {
    const [sink, otherSink] = [inputs, other.outputs].map((setting) => textAt(setting, "workspaceId")?.toLowerCase());
    const shared = categories(inputs).find((category) => categories(other.outputs).includes(category));
    if (textAt(other.inputs, "resourceUri") === resource && sink !== undefined && sink === otherSink && shared !== undefined) {
      throw new ArmError(
        409,
        "Conflict",
        `Data sink '${textAt(inputs, "workspaceId") ?? ""}' is already used in diagnostic setting '${other.name}' for ` +
          `category '${shared}'. Data sinks can't be reused in different settings on the same category for the same resource.`,
      );
    }
  }
}

export const monitorWorkspaceRules: TypeRules = {
  outputs: ({ id, inputs, name, location, world }) => ({
    accountId: stableGuid(id, "account"),
    publicNetworkAccess: inputs["publicNetworkAccess"] ?? "Enabled",
    metrics: {
      internalId: `mac_${stableGuid(id, "account")}`,
      prometheusQueryEndpoint: `https://${name.toLowerCase()}-${stableHex(4, id)}.${location}.prometheus.monitor.azure.com`,
    },
    // Azure makes both beside the workspace, in a group of its own.
    defaultIngestionSettings: {
      dataCollectionEndpointResourceId: managed(id, name, location, world.subscriptionId, "dataCollectionEndpoints"),
      dataCollectionRuleResourceId: managed(id, name, location, world.subscriptionId, "dataCollectionRules"),
    },
  }),
};

function managed(id: string, name: string, location: string, subscriptionId: string, type: string): string {
  const group = `MA_${lastSegment(id)}_${location}_managed`;
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Insights/${type}/${name}`;
}

export const collectionEndpointRules: TypeRules = {
  outputs: ({ id, name, location }) => {
    const address = (service: string) => ({
      endpoint: `https://${name.toLowerCase()}-${stableHex(4, id)}.${location}-1.${service}.monitor.azure.com`,
    });
    return {
      immutableId: `dce-${stableHex(32, id)}`,
      configurationAccess: address("handler.control"),
      logsIngestion: address("ingest"),
      metricsIngestion: address("metrics.ingest"),
    };
  },
};

export const collectionRuleRules: TypeRules = {
  validate: ({ inputs }) => {
    const flows = objectsAt(inputs, "dataFlows");
    const names = ["logAnalytics", "monitoringAccounts", "eventHubs", "storageAccounts"].flatMap((kind) =>
      objectsAt(inputs, `destinations.${kind}`).map((destination) => textAt(destination, "name")),
    );
    const unknown = flows.flatMap((flow) => destinationsOf(flow)).find((name) => !names.includes(name));
    // learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure
    if (unknown !== undefined) {
      throw new ArmError(400, "InvalidPayload", `Data collection rule is invalid: destination '${unknown}' is not declared.`);
    }
  },
  outputs: ({ id }) => ({ immutableId: `dcr-${stableHex(32, id)}` }),
};

function destinationsOf(flow: Write["inputs"]): readonly string[] {
  const listed = flow["destinations"];
  return Array.isArray(listed) ? listed.filter((name): name is string => typeof name === "string") : [];
}

export const collectionAssociationRules: TypeRules = {
  validate: ({ name, inputs }) => {
    const [rule, endpoint] = [textAt(inputs, "dataCollectionRuleId"), textAt(inputs, "dataCollectionEndpointId")];
    // learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-associations
    if ((rule === undefined) === (endpoint === undefined)) {
      throw new ArmError(400, "InvalidPayload", "An association names either a data collection rule or an endpoint.");
    }
    if (endpoint !== undefined && name !== "configurationAccessEndpoint") {
      throw new ArmError(400, "InvalidPayload", "The association of an endpoint is called configurationAccessEndpoint.");
    }
  },
};
