import { parseArgs } from "node:util";
import { openLog, serveProvider } from "../provider-server";
import { Faults } from "./faults";
import { serveResourceManager } from "./resource-manager";
import { AzureNativeStandIn } from "./stand-in";
import { StateStore } from "./state";
import { ExclusiveWrites, WriteLimits } from "./write-limits";

/** Release whose behaviour is reproduced; the SDK in package.json is of the same major version. */
const VERSION = "3.28.0";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      state: { type: "string" },
      seam: { type: "string" },
      "resource-manager": { type: "string" },
      log: { type: "string" },
    },
  });
  if (values.port === undefined || values.state === undefined) {
    process.stderr.write("usage: main.ts --port PORT --state FILE [--seam FILE] [--resource-manager PORT] [--log FILE]\n");
    process.exit(2);
  }
  const log = openLog(values.log);
  const besideState = (suffix: string) => `${values.state?.replace(/\.json$/, "") ?? ""}.${suffix}.json`;
  const parts = {
    state: new StateStore(values.state),
    faults: new Faults(besideState("faults"), log),
    limits: new WriteLimits(),
    exclusive: new ExclusiveWrites(),
    quotaFile: besideState("quota"),
    seamFile: values.seam,
    log,
  };
  const resourceManager = values["resource-manager"];
  if (resourceManager !== undefined) await serveResourceManager({ port: Number(resourceManager), state: parts.state, log });
  const server = await serveProvider({
    name: "azure-native",
    version: VERSION,
    port: Number(values.port),
    log,
    open: () => new AzureNativeStandIn(parts),
  });
  log(
    `stand-in for azure-native ${VERSION} on 127.0.0.1:${server.port}: ` +
      "no Azure is involved, everything here is simulated",
  );
}

void main();
