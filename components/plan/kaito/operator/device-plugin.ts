import type { KaitoNodeProvisioner } from "../../catalogue/kaito-versions";
import type { Problem } from "../../refuse";
import type { KaitoDevicePlugin } from "./decisions";

/** Labels of the nodes that KAITO's provisioners make: https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/labels.go */
export const KAITO_NODE_LABELS = ["kaito.sh/workspace", "karpenter.kaito.sh/workspace-name"] as const;

/** What a `KaitoOperator` says of the device plugin of its nodes. */
export interface DeclaredKaito {
  readonly devicePlugin: KaitoDevicePlugin;
  readonly nodeProvisioner: KaitoNodeProvisioner;
}

/** What a `GpuSupport` on the same cluster says. */
export interface DeclaredGpuSupport {
  readonly devicePlugin: boolean;
  readonly kaitoNodes: boolean;
}

/** Whose `devicePlugin` is refused: that of the component that comes second. */
type Second = "KaitoOperator" | "GpuSupport";

/**
 * One device plugin a node, neither two nor none. KAITO's tolerates the taints of the library's pools and selects no nodes, so it meets
 * `GpuSupport`'s on each of them: https://github.com/kaito-project/kaito/issues/1700
 */
export function devicePluginProblems(second: Second, kaito: DeclaredKaito | undefined, gpuSupport: DeclaredGpuSupport | undefined): Problem[] {
  if (!kaito || !gpuSupport) return [];
  const got = second === "KaitoOperator" ? kaito.devicePlugin : gpuSupport.devicePlugin;
  const argument = (of: Second, name: string) => (of === second ? name : `${of}'s ${name}`);
  const names = {
    kaito: argument("KaitoOperator", "devicePlugin"),
    plugin: argument("GpuSupport", "devicePlugin"),
    nodes: argument("GpuSupport", "kaitoNodes"),
  };
  return conflicts(kaito, gpuSupport, names).map((conflict) => ({ ...conflict, path: "devicePlugin", got }));
}

type Names = Readonly<Record<"kaito" | "plugin" | "nodes", string>>;

function conflicts(kaito: DeclaredKaito, { devicePlugin: plugin, kaitoNodes }: DeclaredGpuSupport, names: Names): Pick<Problem, "code" | "rule" | "fix">[] {
  const { devicePlugin, nodeProvisioner } = kaito;
  if (devicePlugin === "kaito" && plugin) {
    const rule = "KAITO's device plugin lands on every node and GpuSupport's on the library's pools, and a node takes 1";
    return [{ code: "AKSFT-KAITO-70", rule, fix: `set ${names.plugin} to false, or by chart ${names.kaito} to "gpu-support"` }];
  }
  if (devicePlugin === "other" && plugin && kaitoNodes) {
    const rule = "somebody else brings the device plugin to KAITO's nodes, GpuSupport would too, and a node takes 1";
    return [{ code: "AKSFT-KAITO-70", rule, fix: `set ${names.nodes} to false, or ${names.kaito} to "gpu-support"` }];
  }
  if (devicePlugin === "gpu-support" && !plugin) {
    const rule = "KAITO leaves the device plugin to GpuSupport, which runs none, so that no node would offer its GPUs";
    return [{ code: "AKSFT-KAITO-71", rule, fix: `set ${names.plugin} to true, or ${names.kaito} to "kaito" or "other"` }];
  }
  if (devicePlugin === "gpu-support" && nodeProvisioner !== "byo" && !kaitoNodes) {
    const rule = `KAITO leaves the device plugin to GpuSupport, which would serve the library's pools and none of the nodes that ${nodeProvisioner} makes`;
    return [{ code: "AKSFT-KAITO-72", rule, fix: `set ${names.nodes} to true` }];
  }
  return [];
}
