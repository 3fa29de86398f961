import type { Problem } from "../refuse";
import { choiceProblems } from "../spelling";

/** Azure Resource Manager, as far as passwords of registries come from it. */
export interface ResourceManager {
  /** Address, without a slash at its end. */
  readonly endpoint: string;
  /**
   * How long a regenerated password takes until every replica of the registry knows it.
   * https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions#regenerate-token-passwords
   */
  readonly settleSeconds: number;
}

export interface ResourceManagerSettings {
  /** azure-native's `environment`: which of Azure's clouds. @default "public" */
  readonly environment?: string;
  /** An address in place of the cloud's own. @default - the cloud's own */
  readonly endpoint?: string;
}

/** The variable that names another address: a gateway in front of Resource Manager, or the sandbox's. */
export const RESOURCE_MANAGER_VARIABLE = "AKS_FINE_TUNING_RESOURCE_MANAGER";

/** https://www.pulumi.com/registry/packages/azure-native/installation-configuration/#configuration-options */
const CLOUDS: Readonly<Record<string, string>> = {
  public: "https://management.azure.com",
  usgovernment: "https://management.usgovcloudapi.net",
  china: "https://management.chinacloudapi.cn",
};

export function resourceManager({ environment = "public", endpoint }: ResourceManagerSettings): ResourceManager {
  const address = endpoint ?? CLOUDS[environment.toLowerCase()] ?? "";
  // On this machine there is a stand-in, which has no replicas.
  return { endpoint: address.replace(/\/+$/, ""), settleSeconds: onThisMachine(address) ? 0 : 60 };
}

export function resourceManagerProblems({ environment = "public", endpoint }: ResourceManagerSettings): Problem[] {
  if (endpoint === undefined) return choiceProblems("AKSFT-SECRET-06", "azure-native:environment", environment.toLowerCase(), Object.keys(CLOUDS));
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const encrypted = url?.protocol === "https:" || (url?.protocol === "http:" && onThisMachine(endpoint));
  if (url && encrypted && url.username === "" && url.search === "") return [];
  const rule = "receives the login to Azure, so it is an https address without a login and a query, or one of this machine";
  return [{ code: "AKSFT-SECRET-06", path: RESOURCE_MANAGER_VARIABLE, got: endpoint, rule, fix: `use for example "${CLOUDS["public"] ?? ""}", or unset it` }];
}

function onThisMachine(address: string): boolean {
  return URL.canParse(address) && ["127.0.0.1", "localhost", "[::1]"].includes(new URL(address).hostname);
}
