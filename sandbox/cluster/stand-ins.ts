import * as path from "node:path";
import { nodeProgram, RESOURCE_MANAGER, STAND_INS } from "../environment";
import { type Home, PROJECT_ROOT } from "../home";
import { isFree, type Ports } from "../ports";
import { type Daemon, ensureDaemon, logTail, runningDaemons } from "../processes";
import { sourcesFingerprint } from "../sources";
import { until } from "../until";
import { LOOPBACK } from "./addresses";
import type { KnownTools } from "./tools";

/** Starts the stand-ins for Pulumi providers and waits until they listen. */
export async function ensureStandIns(home: Home, ports: Ports, tools: KnownTools): Promise<void> {
  await Promise.all(
    STAND_INS.map(async (name) => {
      const port = ports[`provider-${name}`] ?? 0;
      const folder = `sandbox/providers/${name}`;
      const main = path.join(PROJECT_ROOT, folder, "main.ts");
      const command = [main, "--port", String(port), ...argumentsOf(name, { home, ports, tools })];
      const sources = ["sandbox/providers", folder, "sandbox/kaito", "components/plan/catalogue"];
      const { started } = await ensureDaemon(home, typescriptDaemon(home, `provider-${name}`, command, sources));
      if (started) await listening(home, `provider-${name}`, port);
    }),
  );
}

interface Surroundings {
  readonly home: Home;
  readonly ports: Ports;
  readonly tools: KnownTools;
}

function argumentsOf(name: (typeof STAND_INS)[number], { home, ports, tools }: Surroundings): readonly string[] {
  if (name === "azure-native") return ["--state", home.azureState, "--seam", home.seam, "--resource-manager", String(ports[RESOURCE_MANAGER])];
  return name === "docker" ? ["--crane", tools.crane] : [];
}

/** A program of this checkout, run as one process with its own id; started anew when its sources change. */
export function typescriptDaemon(
  home: Home,
  name: string,
  command: readonly string[],
  sourceFolders: readonly string[],
): Daemon {
  const loader = path.join(PROJECT_ROOT, "node_modules", "tsx", "dist", "loader.mjs");
  return {
    name,
    command: [nodeProgram(), "--import", `file://${loader}`, ...command],
    env: {
      PATH: [home.bin, path.dirname(nodeProgram()), process.env["PATH"] ?? ""].join(path.delimiter),
      NODE_COMPILE_CACHE: path.join(home.cache, "compile-cache"),
    },
    settings: sourcesFingerprint(sourceFolders),
  };
}

async function listening(home: Home, name: string, port: number): Promise<void> {
  const answers = async () => {
    if (!(await isFree(port, LOOPBACK))) return true;
    if (!runningDaemons(home).some((daemon) => daemon.name === name)) throw new Error(`${name} ended; ${logTail(home, name, 15)}`);
    return undefined;
  };
  await until(answers, { timeoutMs: 30_000, late: () => `${name} does not listen; ${logTail(home, name)}` });
}
