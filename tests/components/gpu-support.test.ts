import * as pulumi from "@pulumi/pulumi";
import { GpuSupport } from "../../components";
import { expectedDevicePlugin, expectedMetricsExporter } from "../support/expected-gpu-support";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";
import { byDigest } from "../support/tiny-recipe";

const OBJECT = { parent: "GpuSupport gpu-support", provider: "providers:kubernetes ai" };
const PINNED = { devicePluginImage: byDigest("mlreg.azurecr.io/plugin", "1"), metricsExporterImage: byDigest("mlreg.azurecr.io/exporter", "2") };
const ALL_GUARDS = ["Namespace gpu-support", "NetworkPolicy gpu-support-default-deny", "NetworkPolicy gpu-support-scraping", "ServiceAccount gpu-support-account"];
const COMPONENT: Registration = { type: "aks-fine-tuning:index:GpuSupport", name: "gpu-support", inputs: {} };
const ACCOUNT: Registration = {
  type: "kubernetes:core/v1:ServiceAccount",
  name: "gpu-support-account",
  ...OBJECT,
  after: ["Namespace gpu-support"],
  inputs: {
    ...{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "gpu-support", namespace: "gpu-support" } },
    automountServiceAccountToken: false,
  },
};
const modes = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "privileged"]);
const NAMESPACE: Registration = {
  type: "kubernetes:core/v1:Namespace",
  name: "gpu-support",
  ...OBJECT,
  inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "gpu-support", labels: Object.fromEntries(modes) } },
};

function daemonSet(part: string, spec: object, after: readonly string[] = ALL_GUARDS): Registration {
  const inputs = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: part, namespace: "gpu-support" }, spec };
  return { type: "kubernetes:apps/v1:DaemonSet", name: `gpu-support-${part}`, ...OBJECT, after, inputs };
}

function networkPolicy(name: string, spec: object): Registration {
  const metadata = { name, namespace: "gpu-support" };
  return {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: `gpu-support-${name}`,
    ...OBJECT,
    after: ["Namespace gpu-support"],
    inputs: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec },
  };
}

const DENY = networkPolicy("default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const SCRAPING = networkPolicy("scraping", {
  podSelector: { matchLabels: { "app.kubernetes.io/name": "metrics-exporter" } },
  policyTypes: ["Ingress"],
  ingress: [
    {
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
      ports: [{ protocol: "TCP", port: 9400 }],
    },
  ],
});

function expected(plugin: string, exporter: string): Registration[] {
  return [
    ...[COMPONENT, daemonSet("device-plugin", expectedDevicePlugin(plugin)), daemonSet("metrics-exporter", expectedMetricsExporter(exporter))],
    ...[NAMESPACE, ACCOUNT, DENY, SCRAPING, EXISTING_PROVIDER],
  ];
}

describe("GpuSupport", () => {
  it("registers plugin and exporter behind an account and policies of their own, from the catalogue's images in development", async () => {
    const engine = await mockEngine();
    new GpuSupport("gpu-support", { cluster: existingCluster({ environment: "development" }) });
    expect(await engine.registered()).toEqual(
      expected("nvcr.io/nvidia/k8s-device-plugin:v0.17.4", "nvcr.io/nvidia/k8s/dcgm-exporter:4.2.3-4.1.3-ubuntu22.04"),
    );
  });

  it("takes the images it is given, in production by digest", async () => {
    const engine = await mockEngine();
    new GpuSupport("gpu-support", { cluster: existingCluster(), ...PINNED });
    expect(await engine.registered()).toEqual(expected(PINNED.devicePluginImage, PINNED.metricsExporterImage));
  });

  it("leaves the plugin to whoever else brings it", async () => {
    const engine = await mockEngine();
    new GpuSupport("gpu-support", { cluster: existingCluster(), ...PINNED, devicePlugin: false });
    const all = expected(PINNED.devicePluginImage, PINNED.metricsExporterImage);
    expect(await engine.registered()).toEqual(all.filter(({ name }) => name !== "gpu-support-device-plugin"));
  });

  it("leaves the exporter out, and the way in with it", async () => {
    const engine = await mockEngine();
    const team = { key: "example.com/team", operator: "Equal", value: "vision", effect: "NoExecute" } as const;
    const { devicePluginImage } = PINNED;
    new GpuSupport("gpu-support", { cluster: existingCluster(), devicePluginImage, metrics: false, migStrategy: "single", pools: [{ tolerations: [team] }] });
    const slices = [
      { name: "MIG_STRATEGY", value: "single" },
      { name: "NVIDIA_MIG_MONITOR_DEVICES", value: "all" },
    ];
    const plugin = daemonSet("device-plugin", expectedDevicePlugin(devicePluginImage, slices, [team]), ALL_GUARDS.filter((guard) => !guard.includes("scraping")));
    expect(await engine.registered()).toEqual([COMPONENT, plugin, NAMESPACE, ACCOUNT, DENY, EXISTING_PROVIDER]);
  });

  it("holds an image that is known late to the same rule", async () => {
    const engine = await mockEngine();
    const late = pulumi.output(PINNED.devicePluginImage);
    new GpuSupport("gpu-support", { cluster: existingCluster(), ...PINNED, devicePluginImage: late });
    expect(await engine.registered()).toEqual(expected(PINNED.devicePluginImage, PINNED.metricsExporterImage));
  });

  it("registers nothing in production without digests", async () => {
    const engine = await mockEngine();
    const problems = problemsOf(() => new GpuSupport("gpu-support", { cluster: existingCluster() }));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["AKSFT-GPU-01 devicePluginImage", "AKSFT-GPU-01 metricsExporterImage"]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});
