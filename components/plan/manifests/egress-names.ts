import type { Input } from "@pulumi/pulumi";

/** Where pods get the token that pushes: https://learn.microsoft.com/azure/aks/workload-identity-overview */
const ENTRA = "login.microsoftonline.com";

/**
 * Names that pods may reach by HTTPS, as Cilium knows them. The agent learns a name's addresses from the answers that it lets through, hence
 * the rule for DNS: https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export function egressNamesPolicy(names: readonly string[], registry: Input<string>) {
  return {
    endpointSelector: { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["serving"] }] },
    egress: [
      {
        toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } }],
        toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
      },
      {
        toFQDNs: [{ matchName: ENTRA }, { matchName: registry }, ...names.map(matcher)],
        toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
      },
      // A public API server is on the Internet too, and no name that pods ask for.
      { toEntities: ["kube-apiserver"], toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }] },
    ],
  };
}

function matcher(name: string): object {
  return name.startsWith("*.") ? { matchPattern: name } : { matchName: name };
}
