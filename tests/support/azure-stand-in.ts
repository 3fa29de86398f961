import * as path from "node:path";
import { Faults } from "../../sandbox/providers/azure-native/faults";
import { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { StateStore } from "../../sandbox/providers/azure-native/state";
import { ExclusiveWrites, WriteLimits } from "../../sandbox/providers/azure-native/write-limits";
import type { Properties } from "../../sandbox/providers/values";

/** The stand-in for Azure in this process, on the state in a file. Nothing takes time. */
export function standInOn(stateFile: string): AzureNativeStandIn {
  const beside = (name: string): string => path.join(path.dirname(stateFile), name);
  const log = (): void => undefined;
  return new AzureNativeStandIn({
    state: new StateStore(stateFile),
    faults: new Faults(beside("faults.json"), log),
    limits: new WriteLimits(),
    exclusive: new ExclusiveWrites(),
    quotaFile: beside("quota.json"),
    seamFile: undefined,
    log,
    pace: 0,
  });
}

/** Check and Create, as the engine calls them; what Check refuses is thrown as what Create refuses is. */
export async function make(azure: AzureNativeStandIn, type: string, name: string, news: Properties, preview = false) {
  const about = { urn: `urn:pulumi:test::tests::${type}::${name}`, type, name, signal: new AbortController().signal };
  const { inputs, failures = [] } = azure.check({ ...about, olds: {}, news, randomSeed: Buffer.from(name), autonaming: undefined });
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  return azure.create({ ...about, inputs, preview, timeoutSeconds: 0 });
}
