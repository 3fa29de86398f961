import { GpuSupport } from "../../components";
import { expectedDevicePlugin, expectedMetricsExporter } from "../support/expected-gpu-support";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { byDigest } from "../support/tiny-recipe";

const OBJECT = { parent: "GpuSupport gpu-support", provider: "providers:kubernetes ai" };

function expected(plugin: string, exporter: string): Registration[] {
  const daemonSet = (part: string, spec: object): Registration => ({
    type: "kubernetes:apps/v1:DaemonSet",
    name: `gpu-support-${part}`,
    ...OBJECT,
    after: ["Namespace gpu-support"],
    inputs: { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: part, namespace: "gpu-support" }, spec },
  });
  const modes = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "privileged"]);
  return [
    { type: "aks-fine-tuning:index:GpuSupport", name: "gpu-support", inputs: {} },
    daemonSet("device-plugin", expectedDevicePlugin(plugin)),
    daemonSet("metrics-exporter", expectedMetricsExporter(exporter)),
    {
      type: "kubernetes:core/v1:Namespace",
      name: "gpu-support",
      ...OBJECT,
      inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "gpu-support", labels: Object.fromEntries(modes) } },
    },
    EXISTING_PROVIDER,
  ];
}

describe("GpuSupport", () => {
  it("registers plugin and exporter in a namespace of their own, from the catalogue's images", async () => {
    const engine = await mockEngine();
    new GpuSupport("gpu-support", { cluster: existingCluster() });
    expect(await engine.registered()).toEqual(
      expected("nvcr.io/nvidia/k8s-device-plugin:v0.17.4", "nvcr.io/nvidia/k8s/dcgm-exporter:4.2.3-4.1.3-ubuntu22.04"),
    );
  });

  it("takes the images it is given", async () => {
    const engine = await mockEngine();
    const [devicePluginImage, metricsExporterImage] = [byDigest("mlreg.azurecr.io/plugin", "1"), byDigest("mlreg.azurecr.io/exporter", "2")];
    new GpuSupport("gpu-support", { cluster: existingCluster(), devicePluginImage, metricsExporterImage });
    expect(await engine.registered()).toEqual(expected(devicePluginImage, metricsExporterImage));
  });
});
