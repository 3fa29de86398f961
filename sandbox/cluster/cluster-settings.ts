import { readJson, writeIfChanged } from "../files";
import type { Home } from "../home";

/** What the last start decided about this home's cluster. */
export interface ClusterSettings {
  readonly nodes: "real" | "simulated";
  /** Why nodes are simulated; absent for real ones. */
  readonly reason?: string;
  readonly server: string;
  readonly publicRegistry: string;
}

export function clusterSettings(home: Home): ClusterSettings | undefined {
  return readJson<ClusterSettings>(home.cluster);
}

export function rememberClusterSettings(home: Home, settings: ClusterSettings): void {
  writeIfChanged(home.cluster, `${JSON.stringify(settings, undefined, 1)}\n`);
}
