import { anything, type CustomResourceDefinition, definition, fields, list, mapOf, oneOf, type Schema, text } from "../../schema";

const taint = fields({ key: text, value: text, effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute") }, ["key", "effect"]);
const requirement = fields({ key: text, operator: oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"), values: list(text) }, ["key", "operator"]);
const quantity: Schema = { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, text] };

/** One machine that is asked for: https://karpenter.sh/docs/concepts/nodeclaims/. KAITO's chart brings the kind in its folder `crds`. */
export const NODE_CLAIM_DEFINITION: CustomResourceDefinition = definition(
  { group: "karpenter.sh", kind: "NodeClaim", scope: "Cluster", categories: ["karpenter"] },
  [
    {
      name: "v1",
      storage: true,
      schema: fields(
        {
          spec: fields(
            {
              nodeClassRef: fields({ group: text, kind: text, name: text }, ["group", "kind", "name"]),
              requirements: list(requirement),
              resources: fields({ requests: mapOf(quantity) }),
              taints: list(taint),
              startupTaints: list(taint),
              expireAfter: text,
              terminationGracePeriod: text,
            },
            ["nodeClassRef", "requirements"],
          ),
          status: { type: "object", ...anything },
        },
        ["spec"],
      ),
      subresources: { status: {} },
    },
  ],
);
