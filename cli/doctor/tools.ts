import type { Ended, Program } from "../live/program";
import type { Finding } from "./finding";

/** What is deployed, as far as it decides which tools are needed. */
export interface ToolNeeds {
  /** Whether images are built on this machine; undefined where that is not known. */
  readonly builds: boolean | undefined;
  /** Whether the Azure CLI's login is what signs in. */
  readonly azureCli: boolean;
  readonly nodeVersion: string;
  readonly platform: NodeJS.Platform;
}

interface Tool {
  readonly name: string;
  readonly args: readonly string[];
  /** What it is for, where it is missing. */
  readonly purpose: string;
  readonly install: Readonly<Record<"linux" | "darwin" | "win32", string>>;
}

const PULUMI: Tool = {
  name: "pulumi",
  args: ["version"],
  purpose: "deploys",
  // https://www.pulumi.com/docs/iac/download-install/
  install: { linux: "curl -fsSL https://get.pulumi.com | sh", darwin: "brew install pulumi/tap/pulumi", win32: "winget install pulumi" },
};
const AZ: Tool = {
  name: "az",
  args: ["version", "--output", "json"],
  purpose: "signs in to Azure",
  // https://learn.microsoft.com/cli/azure/install-azure-cli
  install: { linux: "curl -sL https://aka.ms/InstallAzureCLIDeb | sudo bash", darwin: "brew install azure-cli", win32: "winget install Microsoft.AzureCLI" },
};
const KUBELOGIN: Tool = {
  name: "kubelogin",
  args: ["--version"],
  purpose: "signs in to clusters, for Pulumi's Kubernetes provider too",
  // https://azure.github.io/kubelogin/install.html
  install: { linux: "az aks install-cli", darwin: "brew install Azure/kubelogin/kubelogin", win32: "winget install Microsoft.Azure.Kubelogin" },
};
const KUBECTL: Tool = {
  name: "kubectl",
  args: ["version", "--client"],
  purpose: "looks at pods; deploying needs none",
  // https://learn.microsoft.com/cli/azure/aks#az-aks-install-cli
  install: { linux: "az aks install-cli", darwin: "brew install kubectl", win32: "winget install Kubernetes.kubectl" },
};
const DOCKER: Tool = {
  name: "docker",
  args: ["version", "--format", "{{.Server.Version}}"],
  purpose: "builds the dataset's image",
  // https://docs.docker.com/engine/install/
  install: { linux: "curl -fsSL https://get.docker.com | sudo sh", darwin: "brew install --cask docker", win32: "winget install Docker.DockerDesktop" },
};

/** The oldest that the package's `engines` allow. */
const OLDEST_NODE = 22;

/** Every tool, all asked at once. */
export async function toolFindings(needs: ToolNeeds, run: Program): Promise<readonly Finding[]> {
  const asked = [PULUMI, AZ, KUBELOGIN, KUBECTL, DOCKER].map(async (tool) => found(tool, needs, await run(tool.name, tool.args)));
  return [node(needs), ...(await Promise.all(asked))];
}

function node({ nodeVersion }: ToolNeeds): Finding {
  const version = nodeVersion.replace(/^v/, "");
  const old = Number(version.split(".")[0]) < OLDEST_NODE;
  return {
    section: "Tools",
    name: "node",
    ...(old ? { state: "missing", text: `${version} is older than ${OLDEST_NODE}`, fix: "install Node.js 24, see https://nodejs.org" } : { state: "ok", text: version }),
  };
}

function found(tool: Tool, needs: ToolNeeds, { code, stdout, stderr }: Ended): Finding {
  const base = { section: "Tools", name: tool.name } as const;
  const needed = isNeeded(tool, needs);
  const absent = needed ? "missing" : "notice";
  const { platform } = needs;
  if (code === undefined) {
    const install = tool.install[platform === "darwin" || platform === "win32" ? platform : "linux"];
    return { ...base, state: absent, text: `not on the PATH; it ${tool.purpose}`, fix: install };
  }
  if (code === 0) return { ...base, state: "ok", text: versionIn(stdout) ?? "its version is not known" };
  if (tool === DOCKER) {
    const fix = platform === "linux" ? "sudo systemctl start docker" : "start Docker Desktop";
    return { ...base, state: absent, text: `its daemon does not answer; it ${tool.purpose}`, fix };
  }
  return { ...base, state: absent, text: `${[tool.name, ...tool.args].join(" ")} ends with ${code}${firstLine(stderr)}`, fix: tool.install.linux };
}

function isNeeded(tool: Tool, { builds, azureCli }: ToolNeeds): boolean {
  if (tool === KUBECTL) return false;
  if (tool === DOCKER) return builds === true;
  return tool !== AZ || azureCli;
}

/** kubelogin prints a hash and Go's version too: its own is the first that begins with v. */
function versionIn(text: string): string | undefined {
  return (/\bv(\d+\.\d+(?:\.\d+)?)/.exec(text) ?? /(\d+\.\d+(?:\.\d+)?)/.exec(text))?.[1];
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line === "" ? "" : `: ${line.replace(/\p{C}/gu, " ").slice(0, 100)}`;
}
