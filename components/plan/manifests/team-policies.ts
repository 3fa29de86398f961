import { SERVICE_RANGE } from "../network";

/** Addresses no pod of a team may reach: the node's identity endpoint, Azure's platform address, and everything private. */
const NOT_THE_INTERNET = ["169.254.169.254/32", "168.63.129.16/32", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Nothing in, nothing out, unless another policy says so. */
export const DEFAULT_DENY = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** Names, the API server's service address, and HTTPS to the Internet, where registries and Entra are. */
export const EGRESS = {
  podSelector: {},
  policyTypes: ["Egress"],
  egress: [
    {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
          podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
      ],
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
    { to: [{ ipBlock: { cidr: SERVICE_RANGE } }], ports: [{ protocol: "TCP", port: 443 }] },
    {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_THE_INTERNET } }],
      ports: [{ protocol: "TCP", port: 443 }],
    },
  ],
};

/** A team's share of the cluster. */
export function quotaSpec(maxGpus: number) {
  return {
    hard: { "requests.nvidia.com/gpu": String(maxGpus), pods: "100", "services.loadbalancers": "0", "services.nodeports": "0" },
  };
}

/** What a container without its own figures gets. */
export const LIMIT_RANGE = {
  limits: [
    {
      type: "Container",
      defaultRequest: { cpu: "100m", memory: "256Mi" },
      default: { cpu: "1", memory: "1Gi" },
    },
  ],
};
