import { field, text } from "../../providers/kubernetes/objects";
import { isProperties, type Properties } from "../../providers/values";
import { admissionObjects } from "../admission";
import { kaitoDefinitions } from "../definitions";
import { ON_SIMULATED_NODES, PLAYS } from "../marks";
import type { PlayedVersion, Provisioner } from "../versions";
import { fullName, type ReleaseFacts, type Rendered, type TaughtChart } from "./chart";
import { trainingConfig } from "./tuning-templates";

const PROVISIONERS: readonly Provisioner[] = ["azure-gpu-provisioner", "karpenter", "byo"];

/** https://github.com/kaito-project/kaito/tree/v0.12.0/charts/kaito/workspace, without its sub-charts. */
export const WORKSPACE_CHART: TaughtChart = {
  name: "workspace",
  repositories: [
    "https://kaito-project.github.io/kaito/charts/kaito",
    "https://raw.githubusercontent.com/kaito-project/kaito/refs/heads/gh-pages/charts/kaito",
    "https://raw.githubusercontent.com/kaito-project/kaito/gh-pages/charts/kaito",
  ],
  versions: { "0.6.0": "0.6.0", "0.12.0": "0.12.0" },
  render: (release) => {
    const version: PlayedVersion = release.version.startsWith("0.6.") ? "0.6" : "0.12";
    const { crds, templates } = kaitoDefinitions(version);
    const own = [...configMaps(release.namespace), deployment(release, operatorArguments(release, version)), ...devicePlugin(release)];
    return { crds: [...crds].map(plain), templates: [...own, ...[...templates, ...admissionObjects(version, provisionerOf(release))].map(plain)] };
  },
};

/** What AKS puts into kube-system with the add-on: the same controller, and no values of anybody's. */
export function addOnObjects(): Rendered {
  const release = { name: "kaito-workspace", namespace: "kube-system", version: "0.6.0", values: {} };
  const rendered = WORKSPACE_CHART.render(release);
  const templates = rendered.templates.filter(({ kind }) => kind !== "DaemonSet");
  return { crds: rendered.crds, templates };
}

/** A definition is data that JSON has words for. */
function plain(object: object): Properties {
  return JSON.parse(JSON.stringify(object)) as Properties;
}

function provisionerOf({ values }: ReleaseFacts): Provisioner {
  const named = text(values, "nodeProvisioner") ?? "azure-gpu-provisioner";
  const known = PROVISIONERS.find((each) => each === named);
  if (!known) throw new Error(`nodeProvisioner: "${named}" is none of ${PROVISIONERS.join(", ")}`);
  return known;
}

function operatorArguments(release: ReleaseFacts, version: PlayedVersion): readonly string[] {
  const defaults = { vLLM: true, disableNodeAutoProvisioning: false, ...(version === "0.6" ? {} : { enableInferenceSetController: true }) };
  const given = field(release.values, "featureGates");
  const gates = Object.entries({ ...defaults, ...(isProperties(given) ? given : {}) }).map(([gate, on]) => `${gate}=${String(on)}`);
  // 0.6 has one provisioner and no flag for it.
  const provisioner = version === "0.6" ? [] : [`--node-provisioner=${provisionerOf(release)}`];
  return [`--feature-gates=${gates.join(",")}`, ...provisioner];
}

function configMaps(namespace: string): readonly Properties[] {
  return (["lora", "qlora"] as const).map((method) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${method}-params-template`, namespace },
    data: { "training_config.yaml": trainingConfig(method) },
  }));
}

function deployment(release: ReleaseFacts, args: readonly string[]): Properties {
  const name = fullName("workspace", release.name);
  const labels = { "app.kubernetes.io/name": "workspace", "app.kubernetes.io/instance": release.name };
  const image = text(release.values, "image", "repository") ?? "mcr.microsoft.com/aks/kaito/workspace";
  const tag = text(release.values, "image", "tag") ?? release.version;
  const selector = field(release.values, "nodeSelector");
  const container = {
    name: "workspace",
    image: `${image}:${tag}`,
    args,
    ports: [{ name: "http-metrics", containerPort: 8080 }, { name: "https-webhook", containerPort: 9443 }],
    resources: field(release.values, "resources") ?? { limits: { cpu: "500m", memory: "128Mi" }, requests: { cpu: "10m", memory: "64Mi" } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace: release.namespace,
      labels: { ...labels, "app.kubernetes.io/version": release.version, [PLAYS]: "kaito-workspace" },
      annotations: { "sandbox.aks-fine-tuning.dev/note": "a stand-in: the sandbox's agent does what this controller would do" },
    },
    spec: {
      replicas: Number(field(release.values, "replicaCount") ?? 1),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [container],
          nodeSelector: { ...(isProperties(selector) ? selector : { "kubernetes.io/os": "linux" }), ...ON_SIMULATED_NODES.nodeSelector },
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }, ON_SIMULATED_NODES.toleration],
          priorityClassName: "system-cluster-critical",
        },
      },
    },
  };
}

/** Which GPUs a node has the sandbox writes into the node itself; the DaemonSet is there to be counted. */
function devicePlugin(release: ReleaseFacts): readonly Properties[] {
  if (field(release.values, "nvidiaDevicePlugin", "enabled") === false) return [];
  const name = text(release.values, "nvidiaDevicePlugin", "daemonsetName") ?? "nvidia-device-plugin-daemonset";
  const labels = { name };
  return [
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, namespace: release.namespace },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [{ name: "nvidia-device-plugin-ctr", image: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1" }],
            nodeSelector: { accelerator: "nvidia", ...ON_SIMULATED_NODES.nodeSelector },
            tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }, ON_SIMULATED_NODES.toleration],
          },
        },
      },
    },
  ];
}
