import { egressNamesPolicy } from "../../../components/plan/manifests/egress-names";

describe("egressNamesPolicy", () => {
  it("opens the given names, the registry and Entra by HTTPS, and DNS by which Cilium learns their addresses", () => {
    expect(egressNamesPolicy(["huggingface.co", "*.hf.co"], "mlreg.azurecr.io")).toEqual({
      endpointSelector: { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["serving"] }] },
      egress: [
        {
          toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } }],
          toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
        },
        {
          toFQDNs: [
            { matchName: "login.microsoftonline.com" },
            { matchName: "mlreg.azurecr.io" },
            { matchName: "huggingface.co" },
            { matchPattern: "*.hf.co" },
          ],
          toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
        },
        { toEntities: ["kube-apiserver"], toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }] },
      ],
    });
  });
});
