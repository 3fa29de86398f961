import { devicePluginSpec, metricsExporterSpec } from "../../../components/plan/manifests/gpu-support";
import { expectedDevicePlugin, expectedMetricsExporter } from "../../support/expected-gpu-support";
import { byDigest } from "../../support/tiny-recipe";

const IMAGE = byDigest("mlreg.azurecr.io/plugin", "a");

describe("GPU support", () => {
  it("offers the GPUs of every pool of ours, spot ones too, and of no other node", () => {
    expect(devicePluginSpec(IMAGE)).toEqual(expectedDevicePlugin(IMAGE));
  });

  it("publishes their metrics from the same nodes", () => {
    expect(metricsExporterSpec(IMAGE)).toEqual(expectedMetricsExporter(IMAGE));
  });
});
