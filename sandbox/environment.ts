import * as fs from "node:fs";
import * as path from "node:path";
import { RESOURCE_MANAGER_VARIABLE } from "../components/plan/registry/resource-manager";
import { API_SERVICE_ADDRESS, LOOPBACK, NODE_ADDRESSES, POD_RANGE, SERVICE_RANGE } from "./cluster/addresses";
import { knownTools } from "./cluster/tools";
import { type Home, PROJECT_ROOT } from "./home";
import { knownPorts } from "./ports";

/** Protects nothing: the sandbox holds no secret worth it. */
const PASSPHRASE = "sandbox";

/** The stack that the demo brings up, and that commands mean unless they name another. */
export const DEFAULT_STACK = "dev";

/** The environment of commands that use the sandbox: this process's own, and what makes Pulumi and kubectl find it. */
export function sandboxEnvironment(home: Home, stack = DEFAULT_STACK): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const ports = knownPorts(home);
  // Addresses of this machine's own loopback device are not reached through a proxy.
  const direct = [...NODE_ADDRESSES, API_SERVICE_ADDRESS, LOOPBACK, "localhost", SERVICE_RANGE, POD_RANGE];
  const noProxy = [process.env["NO_PROXY"] ?? process.env["no_proxy"] ?? "", ...direct].filter((part) => part !== "").join(",");
  return {
    ...Object.fromEntries(inherited),
    PATH: [...searchPath(home), process.env["PATH"] ?? ""].join(path.delimiter),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    AKS_FINE_TUNING_HOME: home.dir,
    KUBECONFIG: home.kubeconfig,
    PULUMI_HOME: home.pulumiHome,
    PULUMI_BACKEND_URL: `file://${home.pulumi}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    // Every flag of Pulumi's has such a variable; this one keeps the checkout's own file as it is.
    PULUMI_OPTION_CONFIG_FILE: home.stackFile(stack),
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The providers are attached above; without this each command spends seconds on tries to download them.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Types are checked by the tests; without this each preview takes four seconds longer.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_DEBUG_PROVIDERS: STAND_INS.map((name) => `${name}:${ports[`provider-${name}`]}`).join(","),
    // Passwords of registries' tokens are asked for there, which is no part of the provider's protocol.
    [RESOURCE_MANAGER_VARIABLE]: `http://${LOOPBACK}:${ports[RESOURCE_MANAGER]}`,
    NODE_COMPILE_CACHE: path.join(home.cache, "compile-cache"),
  };
}

/** Pulumi providers that are stood in for. */
export const STAND_INS = ["azure-native", "kubernetes", "docker"] as const;

/** Key in `ports.json` of the address where the stand-in for azure-native answers as Azure Resource Manager. */
export const RESOURCE_MANAGER = "resource-manager";

/** Our Node (the SDK wants 22 or later) and the sandbox's tools go before what the machine has. */
function searchPath(home: Home): readonly string[] {
  const tools = knownTools(home);
  const folders = [tools?.pulumi, tools?.kubectl, tools?.crane, tools?.ctr].flatMap((file) =>
    file?.startsWith(home.cache) === true ? [path.dirname(file)] : [],
  );
  return [...new Set([home.bin, path.join(PROJECT_ROOT, "node_modules", ".bin"), ...folders])];
}

/** Node of the devDependency `node`, by its real path so that a daemon is one process with its own id. */
export function nodeProgram(): string {
  const program = path.join(PROJECT_ROOT, "node_modules", ".bin", "node");
  return fs.existsSync(program) ? fs.realpathSync(program) : process.execPath;
}
