import { stableGuid } from "../autonaming";
import { objectAt } from "../json";
import type { TypeRules } from "../rules";

export const workspaceRules: TypeRules = {
  outputs: ({ id, inputs }) => ({
    customerId: stableGuid(id, "customer"),
    retentionInDays: inputs["retentionInDays"] ?? 30,
    sku: { name: "PerGB2018", ...objectAt(inputs, "sku") },
    publicNetworkAccessForIngestion: inputs["publicNetworkAccessForIngestion"] ?? "Enabled",
    publicNetworkAccessForQuery: inputs["publicNetworkAccessForQuery"] ?? "Enabled",
  }),
};
