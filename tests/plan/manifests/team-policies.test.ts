import { teamNetworkPolicies } from "../../../components/plan/manifests/team-policies";
import type { TeamNetworkPlan } from "../../../components/plan/team/network";

const PLAN: TeamNetworkPlan = { apiServerRanges: ["10.96.0.0/16"], allowedEgress: [], egressNames: [] };
const HTTPS = [{ protocol: "TCP", port: 443 }];
const NOT_SERVERS = { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["serving"] }] };
const INTERNET = {
  to: [
    {
      ipBlock: {
        cidr: "0.0.0.0/0",
        except: ["169.254.0.0/16", "168.63.129.16/32", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
      },
    },
  ],
  ports: HTTPS,
};
const BY_DEFAULT = {
  "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  dns: {
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
    ],
  },
  "api-server": {
    podSelector: { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "In", values: ["preflight", "tuning"] }] },
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr: "10.96.0.0/16" } }], ports: HTTPS }],
  },
  egress: { podSelector: NOT_SERVERS, policyTypes: ["Egress"], egress: [INTERNET] },
};

describe("teamNetworkPolicies", () => {
  it("lets pods ask for names, runs reach the API server, and all but servers HTTPS on the Internet", () => {
    expect(teamNetworkPolicies(PLAN)).toEqual(BY_DEFAULT);
  });

  it("opens private endpoints and a private API server where the network has them", () => {
    const ranges = { apiServerRanges: ["10.96.0.0/16", "10.100.0.0/20"], privateEndpointsRange: "10.100.16.0/24" };
    expect(teamNetworkPolicies({ ...PLAN, ...ranges })).toEqual({
      ...BY_DEFAULT,
      "api-server": {
        ...BY_DEFAULT["api-server"],
        egress: [{ to: [{ ipBlock: { cidr: "10.96.0.0/16" } }, { ipBlock: { cidr: "10.100.0.0/20" } }], ports: HTTPS }],
      },
      egress: { ...BY_DEFAULT.egress, egress: [INTERNET, { to: [{ ipBlock: { cidr: "10.100.16.0/24" } }], ports: HTTPS }] },
    });
  });

  it("opens what the team names, to its every pod", () => {
    const allowedEgress = [
      { range: "10.20.0.0/24", ports: [443, 5432] },
      { range: "10.30.0.7/32", ports: [8080] },
    ];
    expect(teamNetworkPolicies({ ...PLAN, allowedEgress })).toEqual({
      ...BY_DEFAULT,
      "allowed-egress": {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          { to: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports: [...HTTPS, { protocol: "TCP", port: 5432 }] },
          { to: [{ ipBlock: { cidr: "10.30.0.7/32" } }], ports: [{ protocol: "TCP", port: 8080 }] },
        ],
      },
    });
  });

  it("closes the Internet where names say what is meant", () => {
    expect(teamNetworkPolicies({ ...PLAN, egressNames: ["huggingface.co"] })).toEqual({ ...BY_DEFAULT, egress: { ...BY_DEFAULT.egress, egress: [] } });
  });
});
