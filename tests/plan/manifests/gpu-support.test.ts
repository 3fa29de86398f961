import { devicePluginSpec, METRICS_SCRAPING, metricsExporterSpec, NOTHING_IN_OR_OUT } from "../../../components/plan/manifests/gpu-support";
import { expectedDevicePlugin, expectedMetricsExporter } from "../../support/expected-gpu-support";
import { byDigest } from "../../support/tiny-recipe";

const IMAGE = byDigest("mlreg.azurecr.io/plugin", "a");
const TEAM = { key: "example.com/team", operator: "Equal", value: "vision", effect: "NoExecute" } as const;
const SKU = { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" } as const;
/** As an API server would be sent it. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("GPU support", () => {
  it("offers the GPUs of every pool of ours, spot ones too, and of no other node", () => {
    expect(sent(devicePluginSpec(IMAGE))).toEqual(expectedDevicePlugin(IMAGE));
  });

  it.each(["single", "mixed"] as const)("names slices by the strategy %p, for which it opens the driver's device", (strategy) => {
    const slices = [
      { name: "MIG_STRATEGY", value: strategy },
      { name: "NVIDIA_MIG_MONITOR_DEVICES", value: "all" },
    ];
    expect(sent(devicePluginSpec(IMAGE, strategy))).toEqual(expectedDevicePlugin(IMAGE, slices));
  });

  it("publishes their metrics from the same nodes", () => {
    expect(sent(metricsExporterSpec(IMAGE))).toEqual(expectedMetricsExporter(IMAGE));
  });

  it("tolerates the taints of its own once, and the pools'", () => {
    expect(sent(devicePluginSpec(IMAGE, "none", [SKU, TEAM]))).toEqual(expectedDevicePlugin(IMAGE, [], [TEAM]));
    expect(sent(metricsExporterSpec(IMAGE, [SKU, TEAM]))).toEqual(expectedMetricsExporter(IMAGE, [TEAM]));
  });

  it("lets Prometheus in and nothing else, in either direction", () => {
    expect(NOTHING_IN_OR_OUT).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(METRICS_SCRAPING).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "metrics-exporter" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
          ports: [{ protocol: "TCP", port: 9400 }],
        },
      ],
    });
  });
});
