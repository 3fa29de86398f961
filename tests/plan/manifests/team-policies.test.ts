import { DEFAULT_DENY, EGRESS, LIMIT_RANGE, quotaSpec } from "../../../components/plan/manifests/team-policies";

describe("network policies of a team", () => {
  it("deny everything first", () => {
    expect(DEFAULT_DENY).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("let pods ask for names, reach the API server, and reach HTTPS on the Internet but nothing private", () => {
    expect(EGRESS).toEqual({
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
          ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }],
        },
        { to: [{ ipBlock: { cidr: "10.96.0.0/16" } }], ports: [{ protocol: "TCP", port: 443 }] },
        {
          to: [
            {
              ipBlock: {
                cidr: "0.0.0.0/0",
                except: ["169.254.169.254/32", "168.63.129.16/32", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    });
  });
});

describe("share of a team", () => {
  it("limits GPUs and pods, and allows no way in from outside", () => {
    expect(quotaSpec(8)).toEqual({
      hard: { "requests.nvidia.com/gpu": "8", pods: "100", "services.loadbalancers": "0", "services.nodeports": "0" },
    });
    expect(quotaSpec(0).hard).toMatchObject({ "requests.nvidia.com/gpu": "0" });
  });

  it("gives containers without figures modest ones", () => {
    expect(LIMIT_RANGE).toEqual({
      limits: [
        { type: "Container", defaultRequest: { cpu: "100m", memory: "256Mi" }, default: { cpu: "1", memory: "1Gi" } },
      ],
    });
  });
});
