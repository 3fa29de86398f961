import { definition, fields, list, mapOf, oneOf, type Schema, text, whole } from "../../schema";

/**
 * The two kinds that node auto-provisioning brings to a cluster, as far as programs set them: https://karpenter.sh/docs/concepts/nodepools/ and
 * Azure/karpenter-provider-azure pkg/apis/v1beta1. What is not listed the API server drops with a warning, as it would on Azure.
 */

const quantity = { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, text] };
const duration = { type: "string", pattern: "^(([0-9]+(s|m|h))+|Never)$" };
const taint = fields({ key: text, value: text, effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute") }, ["key", "effect"]);
const requirement = fields(
  { key: text, operator: oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"), values: list(text), minValues: whole(1, 50) },
  ["key", "operator"],
);
const budget = fields(
  {
    nodes: { type: "string", pattern: "^((100|[0-9]{1,2})%|[0-9]+)$" },
    reasons: list(oneOf("Underutilized", "Empty", "Drifted")),
    schedule: text,
    duration: text,
  },
  ["nodes"],
);

const NODE_POOL = fields(
  {
    template: fields(
      {
        metadata: fields({ labels: mapOf(text), annotations: mapOf(text) }),
        spec: fields(
          {
            nodeClassRef: fields({ group: text, kind: text, name: text }, ["group", "kind", "name"]),
            taints: list(taint),
            startupTaints: list(taint),
            requirements: list(requirement),
            expireAfter: duration,
            terminationGracePeriod: text,
          },
          ["nodeClassRef", "requirements"],
        ),
      },
      ["spec"],
    ),
    limits: mapOf(quantity),
    disruption: fields(
      {
        consolidationPolicy: oneOf("WhenEmpty", "WhenEmptyOrUnderutilized"),
        consolidateAfter: duration,
        budgets: list(budget),
      },
      ["consolidateAfter"],
    ),
    weight: whole(1, 100),
    // So many nodes whatever pods ask for: https://karpenter.sh/docs/concepts/nodepools/#specreplicas
    replicas: whole(0),
  },
  ["template"],
);

const NODE_CLASS = fields({
  vnetSubnetID: text,
  osDiskSizeGB: whole(30, 2048),
  imageFamily: oneOf("Ubuntu", "Ubuntu2204", "Ubuntu2404", "AzureLinux"),
  fipsMode: oneOf("FIPS", "Disabled"),
  gpu: fields({ mode: oneOf("Driver", "None") }),
  maxPods: whole(10, 250),
  security: fields({ encryptionAtHost: { type: "boolean" } }),
  artifactStreaming: fields({ enabled: { type: "boolean" } }),
  tags: mapOf(text),
});

function clusterKind(group: string, version: string, kind: string, spec: Schema) {
  const status = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const schema = fields({ spec, status }, ["spec"]);
  return definition({ group, kind, scope: "Cluster" }, [{ name: version, schema, storage: true, subresources: { status: {} } }]);
}

export const KARPENTER_DEFINITIONS = [
  clusterKind("karpenter.sh", "v1", "NodePool", NODE_POOL),
  clusterKind("karpenter.azure.com", "v1beta1", "AKSNodeClass", NODE_CLASS),
];
