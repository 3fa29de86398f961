import { parseArgs } from "node:util";
import { openLog, serveProvider } from "../provider-server";
import { DockerStandIn } from "./docker-stand-in";
import { projectFolder } from "./project-folder";

const USAGE = "usage: main.ts --port N --crane PATH [--log FILE]";

async function main(): Promise<void> {
  const options = { port: { type: "string" }, crane: { type: "string" }, log: { type: "string" } } as const;
  const { values } = parseArgs({ options });
  const { crane } = values;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || crane === undefined) throw new Error(USAGE);
  const log = openLog(values.log);
  const open = () => new DockerStandIn(crane, () => projectFolder(port));
  await serveProvider({ name: "docker", version: "5.2.0", port, log, open });
  log(`standing in for the Docker provider on 127.0.0.1:${port}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
