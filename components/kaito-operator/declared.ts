import type { ClusterRef } from "../cluster";
import type { DeclaredGpuSupport, DeclaredKaito } from "../plan/kaito/operator/device-plugin";

/** What is put on each cluster: a node takes one device plugin and a cluster one KAITO, whichever component of a program comes first. */
const kaitos = new WeakMap<ClusterRef, DeclaredKaito>();
const gpuSupports = new WeakMap<ClusterRef, DeclaredGpuSupport>();

export function kaitoOn(cluster: ClusterRef): DeclaredKaito | undefined {
  return kaitos.get(cluster);
}

export function gpuSupportOn(cluster: ClusterRef): DeclaredGpuSupport | undefined {
  return gpuSupports.get(cluster);
}

/** To be called once a plan is accepted. */
export function declareKaito(cluster: ClusterRef, { devicePlugin, nodeProvisioner }: DeclaredKaito): void {
  kaitos.set(cluster, { devicePlugin, nodeProvisioner });
}

/** To be called once a plan is accepted. */
export function declareGpuSupport(cluster: ClusterRef, { devicePlugin, kaitoNodes }: DeclaredGpuSupport): void {
  gpuSupports.set(cluster, { devicePlugin, kaitoNodes });
}
