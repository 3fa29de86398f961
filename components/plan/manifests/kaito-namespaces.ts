/** As much of a NetworkPolicy as these say. */
export interface Traffic {
  podSelector: object;
  policyTypes: string[];
  ingress?: object[];
  egress?: object[];
}

const KUBE_SYSTEM = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } };
const NEIGHBOURS = { podSelector: {} };
const METRICS_PORT = 8080;
const WEBHOOK_PORT = 9443;
const tcp = (port: number) => ({ protocol: "TCP", port });

/** Name servers, and HTTPS wherever it is: the API server, Azure, registries and Hugging Face, which KAITO's webhook asks. */
const OUTWARDS = [
  { to: [{ ...KUBE_SYSTEM, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }], ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
  { ports: [tcp(443)] },
];
/** Where AKS's Prometheus runs: https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-configuration */
const SCRAPING = { from: [KUBE_SYSTEM], ports: [tcp(METRICS_PORT)] };

export const NOBODY: Traffic = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * The API server calls the webhook from an address that depends on how it reaches the nodes, so the port is open to all: it answers admission
 * reviews alone. With `gatewayAPIInferenceExtension` the chart's own controllers talk to each other.
 */
export const KAITO_TRAFFIC: Traffic = {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  ingress: [{ ports: [tcp(WEBHOOK_PORT)] }, SCRAPING, { from: [NEIGHBOURS] }],
  egress: [...OUTWARDS, { to: [NEIGHBOURS] }],
};

export const PROVISIONER_TRAFFIC: Traffic = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [SCRAPING], egress: OUTWARDS };

/** Controllers compute nothing; the GPUs are for the Workspaces of the teams. */
export const NO_GPUS = { hard: { "requests.nvidia.com/gpu": "0" } };

/** For what a webhook of the cluster may add to the provisioner's pod. */
export const SMALL_CONTAINERS = {
  limits: [{ type: "Container", defaultRequest: { cpu: "10m", memory: "64Mi" }, default: { memory: "256Mi" } }],
};
