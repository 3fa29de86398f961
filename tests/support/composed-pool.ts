import type { JsonObject } from "../../cli/report/read/json";
import { type ComposedStep, urn } from "./composed-preview";

const TYPE = "azure-native:containerservice:AgentPool";

/** A pool of GPU nodes that is made, or of which `old` and `op` say what becomes of it. */
export function gpuPool(name: string, inputs: JsonObject, { op = "create", old }: { readonly op?: string; readonly old?: JsonObject } = {}): ComposedStep {
  const all = { agentPoolName: name, vmSize: "Standard_NC24ads_A100_v4", enableAutoScaling: true, count: 0, minCount: 0, maxCount: 4, scaleSetPriority: "Regular", ...inputs };
  return { op, type: TYPE, urn: urn(TYPE, name), old: old && { ...all, ...old }, new: all };
}
