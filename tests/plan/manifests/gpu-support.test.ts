import { devicePluginSpec, METRICS_SCRAPING, metricsExporterSpec, NOTHING_IN_OR_OUT } from "../../../components/plan/manifests/gpu-support";
import { expectedDevicePlugin, expectedMetricsExporter } from "../../support/expected-gpu-support";
import { byDigest } from "../../support/tiny-recipe";

const IMAGE = byDigest("mlreg.azurecr.io/plugin", "a");
const TEAM = { key: "example.com/team", operator: "Equal", value: "vision", effect: "NoExecute" } as const;
const SKU = { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" } as const;
const PLAN = { migStrategy: "none", kaitoNodes: false, tolerations: [] } as const;
/** As an API server would be sent it. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("GPU support", () => {
  it("offers the GPUs of every pool of ours, spot ones too, and of no other node", () => {
    expect(sent(devicePluginSpec(IMAGE, PLAN))).toEqual(expectedDevicePlugin(IMAGE));
  });

  it.each(["single", "mixed"] as const)("names slices by the strategy %p, for which it opens the driver's device", (strategy) => {
    const slices = [
      { name: "MIG_STRATEGY", value: strategy },
      { name: "NVIDIA_MIG_MONITOR_DEVICES", value: "all" },
    ];
    expect(sent(devicePluginSpec(IMAGE, { ...PLAN, migStrategy: strategy }))).toEqual(expectedDevicePlugin(IMAGE, slices));
  });

  it("publishes their metrics from the same nodes", () => {
    expect(sent(metricsExporterSpec(IMAGE, PLAN))).toEqual(expectedMetricsExporter(IMAGE));
  });

  it("tolerates the taints of its own once, and the pools'", () => {
    expect(sent(devicePluginSpec(IMAGE, { ...PLAN, tolerations: [SKU, TEAM] }))).toEqual(expectedDevicePlugin(IMAGE, [], [TEAM]));
    expect(sent(metricsExporterSpec(IMAGE, { ...PLAN, tolerations: [SKU, TEAM] }))).toEqual(expectedMetricsExporter(IMAGE, [TEAM]));
  });

  it("serves the nodes that KAITO makes with the same pods, one a node", () => {
    const labels = ["aks-fine-tuning.dev/pool", "kaito.sh/workspace", "karpenter.kaito.sh/workspace-name"];
    const driver = { key: "aks-fine-tuning.dev/driver", operator: "NotIn", values: ["none"] };
    const nodeSelectorTerms = labels.map((key) => ({ matchExpressions: [{ key, operator: "Exists" }, driver] }));
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
    const plan = { ...PLAN, kaitoNodes: true };
    for (const { template } of [devicePluginSpec(IMAGE, plan), metricsExporterSpec(IMAGE, plan)]) expect(template.spec.affinity).toEqual({ nodeAffinity });
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
