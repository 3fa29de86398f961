import * as core from "@pulumi/kubernetes/core/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { runSubject } from "../plan/manifests/tuning-job";
import { runLabels } from "../plan/manifests/tuning-pod";
import type { TeamRef } from "../team";
import type { PlannedRun } from "./planned-run";

/** What the pods of a run are told, and what they may do, all under one name. */
export interface RunFoundation {
  /** Name of the ConfigMap, of the role and of its binding. */
  readonly objectName: string;
  /** Content of `config.json`. */
  readonly configuration: Record<string, unknown>;
  /** What the role permits. */
  readonly rules: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
}

/** Registers what the run of any engine stands on, for its Jobs to wait for: its configuration, and the role of its pods. */
export function runFoundation(
  run: Pick<PlannedRun, "name" | "namespace" | "runId">,
  team: TeamRef,
  { objectName, configuration, rules }: RunFoundation,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: objectName, namespace: run.namespace, labels: runLabels(run) };
  const told = new core.ConfigMap(
    objectName,
    { metadata, immutable: true, data: { "config.json": pulumi.jsonStringify(configuration) } },
    // A run keeps the configuration it started with; what changes its result changes its id.
    { ...child, ignoreChanges: ["data"] },
  );
  const role = new rbac.Role(objectName, { metadata, rules }, child);
  const binding = new rbac.RoleBinding(
    objectName,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: objectName },
      subjects: [runSubject(run, team.tuningServiceAccount)],
    },
    pulumi.mergeOptions(child, { dependsOn: [role] }),
  );
  return [told, binding];
}
