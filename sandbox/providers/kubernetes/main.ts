import { parseArgs } from "node:util";
import { openLog, serveProvider } from "../provider-server";
import { KubernetesStandIn } from "./kubernetes-stand-in";

const USAGE = "usage: main.ts --port N [--log FILE]";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" }, log: { type: "string" } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1) throw new Error(USAGE);
  const log = openLog(values.log);
  await serveProvider({ name: "kubernetes", version: "4.34.2", port, log, open: () => new KubernetesStandIn() });
  log(`standing in for the Kubernetes provider on 127.0.0.1:${port}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
