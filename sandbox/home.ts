import { createHash } from "node:crypto";
import * as os from "node:os";
import * as path from "node:path";

/** Where one sandbox keeps its state. Two homes share nothing but the machine-wide cache. */
export interface Home {
  readonly dir: string;
  /** Machine-wide: tools, images, node image stores. Outlives a reset. */
  readonly cache: string;
  /** Short folder for unix sockets, whose paths may have 107 characters at most (unix(7)). */
  readonly run: string;
  /** Eight characters that tell this home from others. */
  readonly id: string;
  readonly logs: string;
  readonly bin: string;
  readonly kubeconfig: string;
  readonly certificates: string;
  readonly etcd: string;
  readonly ports: string;
  readonly processes: string;
  readonly seam: string;
  readonly azureState: string;
  /** Which nodes run where, kept by the agent. */
  readonly nodes: string;
  /** What the last start decided: real or simulated nodes, and why. */
  readonly cluster: string;
  /** How slow and how unlucky KAITO is; a test writes it. */
  readonly kaito: string;
  readonly registries: string;
  /** Shares of the stand-in for Azure Files: STORAGE_ACCOUNT/SHARE. */
  readonly files: string;
  readonly pulumi: string;
  readonly pulumiHome: string;
  /** Configuration of a stack: the checkout's, with this sandbox's own values. */
  readonly stackFile: (stack: string) => string;
}

export function cacheFolder(): string {
  return path.resolve(process.env["AKS_FINE_TUNING_CACHE"] ?? path.join(os.homedir(), ".cache", "aks-fine-tuning"));
}

/** The home in `dir`, else in AKS_FINE_TUNING_HOME, else the default one in the cache. Touches no file. */
export function sandboxHome(dir?: string): Home {
  const cache = cacheFolder();
  const root = path.resolve(dir ?? process.env["AKS_FINE_TUNING_HOME"] ?? path.join(cache, "sandbox"));
  const id = createHash("sha256").update(root).digest("hex").slice(0, 8);
  const within = (...parts: readonly string[]) => path.join(root, ...parts);
  return {
    dir: root,
    cache,
    run: path.join(runFolder(), id),
    id,
    logs: within("logs"),
    bin: within("bin"),
    kubeconfig: within("kubeconfig"),
    certificates: within("certificates"),
    etcd: within("etcd"),
    ports: within("ports.json"),
    processes: within("processes.json"),
    seam: within("seam.json"),
    azureState: within("azure", "state.json"),
    nodes: within("nodes.json"),
    cluster: within("cluster.json"),
    kaito: within("kaito.json"),
    registries: within("registries"),
    files: within("files"),
    pulumi: within("pulumi"),
    pulumiHome: within("pulumi-home"),
    stackFile: (stack) => within(`Pulumi.${stack}.yaml`),
  };
}

/** Machine-wide folder for sockets and locks; a user who is not root cannot write to /run. */
export function runFolder(): string {
  const root = process.getuid?.() === 0 && process.platform === "linux";
  return root ? "/run/aks-fine-tuning" : path.join(os.tmpdir(), `aks-fine-tuning-${os.userInfo().uid}`);
}

/** The checkout that this file belongs to. */
export const PROJECT_ROOT = path.resolve(__dirname, "..");
