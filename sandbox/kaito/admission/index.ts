import { PLAYED_FACTS, type PlayedVersion, type Provisioner } from "../versions";
import { inferenceSetRules } from "./inference-set-rules";
import { type Rule, validation } from "./rules";
import { workspaceRules } from "./workspace-rules";

/** On a policy: an object that it refuses, by which one can tell that the API server has begun to ask it. */
export const PROBE = "sandbox.aks-fine-tuning.dev/probe";

/**
 * KAITO's validating webhook as policies of the API server: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 * They go as far as CEL sees, which is the object, the one before it, and nothing else. Not told here, and by the webhook refused too: a
 * model that Hugging Face does not have; a ConfigMap that is missing or holds what it must not; nodes of one's own that are missing, differ,
 * lack labels or memory; weights larger than the node under the transformers runtime; the secret that a gated model needs; the length of a
 * model's context; schedules of maintenance windows; node classes of Karpenter; feature gates other than the defaults.
 */
export function admissionObjects(version: PlayedVersion, provisioner: Provisioner): readonly object[] {
  const workspaces = policy("workspaces", workspaceRules(version, provisioner), workspaceProbe);
  if (!PLAYED_FACTS[version].inferenceSets) return workspaces;
  return [...workspaces, ...policy("inferencesets", inferenceSetRules(version, provisioner), inferenceSetProbe)];
}

const metadata = { name: "sandbox-probe", namespace: "default" };
const labelSelector = { matchLabels: { probe: "yes" } };
const workspaceProbe = { apiVersion: "kaito.sh/v1beta1", kind: "Workspace", metadata, resource: { labelSelector } };
const inferenceSetProbe = {
  apiVersion: "kaito.sh/v1beta1",
  kind: "InferenceSet",
  metadata,
  spec: { labelSelector, template: { inference: {} } },
};

function policy(resource: string, rules: readonly Rule[], probe: object): readonly object[] {
  const name = `${resource}.kaito.sh`;
  return [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [{ apiGroups: ["kaito.sh"], apiVersions: ["v1alpha1", "v1beta1"], operations: ["CREATE", "UPDATE"], resources: [resource] }],
        },
        variables: [{ name: "creating", expression: 'request.operation == "CREATE"' }],
        validations: rules.map(validation),
      },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name, annotations: { [PROBE]: JSON.stringify(probe) } },
      spec: { policyName: name, validationActions: ["Deny"] },
    },
  ];
}
