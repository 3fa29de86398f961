import type { Input } from "@pulumi/pulumi";
import { hourlyUsd } from "../catalogue/gpu-sizes";
import type { KaitoTuningPlan } from "../kaito/tuning";
import { TRAINING_CONFIG_KEY } from "../kaito/tuning/training-config";
import { type KaitoWorkspaceInputs, kaitoWorkspaceManifest } from "./kaito-workspace";
import { RESTRICTED_CONTAINER, RESTRICTED_POD, SCRATCH } from "./pod-security";
import { failurePolicy } from "./tuning-job";
import { runLabels, TOKEN_PATH, TOKEN_SOURCES } from "./tuning-pod";

/**
 * Made is enough: `up` starts a run and does not wait for it. `skipAwait` would not wait for the deletion either, and that the Job is gone means
 * that its Workspace, and with it the nodes, is: https://github.com/pulumi/pulumi-kubernetes/issues/3154
 */
const MADE_IS_ENOUGH = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };

/** Pods of the keeper that may fail, on nodes that go or an API server that does not answer, before the run is given up. */
const KEEPER_RETRIES = 20;

/** What the keeper is told besides, known when registry and images exist. */
export interface KaitoKeeperInputs extends KaitoWorkspaceInputs {
  readonly registry: Input<string>;
  readonly trainerImage: Input<string>;
  readonly serviceAccountName: Input<string>;
}

/**
 * The sections of KAITO's configuration, under a name with the hash of what determines them: KAITO does not look at them again. Their text is not in
 * it, as another size, of which the text says the batch, would take the file away from a run that is under way.
 */
export function trainingConfigManifest(plan: KaitoTuningPlan) {
  const metadata = { name: plan.trainingConfig.name, namespace: plan.namespace, labels: runLabels(plan) };
  return { metadata, immutable: true, data: { [TRAINING_CONFIG_KEY]: plan.trainingConfig.text } };
}

/** The keeper's whole configuration; its reader is in `images/trainer/trainer`. */
export function kaitoKeeperConfiguration(plan: KaitoTuningPlan, inputs: KaitoKeeperInputs): Record<string, unknown> {
  return {
    schema: 1,
    engine: "kaito",
    runId: plan.runId,
    record: { namespace: plan.namespace, name: plan.name },
    keeperJob: plan.keeperName,
    workspace: kaitoWorkspaceManifest(plan, inputs),
    model: { name: plan.recipe.model.name },
    method: plan.recipe.method,
    lora: { rank: plan.recipe.lora.rank },
    dataset: { contentKey: plan.datasetKey, rows: plan.rows },
    maximumPaidHours: plan.maximumPaidHours,
    deadlineHours: plan.deadlineHours,
    usdPerHour: hourlyUsd(plan.size, "Regular") ?? null,
    output: { registry: inputs.registry, repository: plan.adapterRepository, tag: plan.runId },
    lineage: { trainerImage: inputs.trainerImage, datasetImage: inputs.datasetImage, size: plan.size, kaito: plan.kaitoVersion },
  };
}

/** What the keeper may do: write the run's record, make and delete its one Workspace, and see why its pods do not run. */
export function keeperRoleRules({ name, keeperName }: KaitoTuningPlan) {
  return [
    { apiGroups: [""], resources: ["configmaps"], resourceNames: [name], verbs: ["get", "patch"] },
    // A name cannot limit what is created: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
    { apiGroups: ["kaito.sh"], resources: ["workspaces"], verbs: ["create"] },
    { apiGroups: ["kaito.sh"], resources: ["workspaces"], resourceNames: [name], verbs: ["get", "delete"] },
    { apiGroups: ["batch"], resources: ["jobs"], resourceNames: [name, keeperName], verbs: ["get"] },
    // An owner that is to block its own deletion asks for this right:
    // https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#ownerreferencespermissionenforcement
    { apiGroups: ["batch"], resources: ["jobs/finalizers"], resourceNames: [keeperName], verbs: ["update"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ];
}

/**
 * On a CPU node from the run's beginning to its end. It has no deadline of Kubernetes', which would end it before it has freed the GPU nodes: it
 * keeps its own.
 */
export function keeperJobManifest(plan: KaitoTuningPlan, inputs: Pick<KaitoKeeperInputs, "trainerImage" | "serviceAccountName">) {
  return {
    metadata: { name: plan.keeperName, namespace: plan.namespace, labels: runLabels(plan), annotations: MADE_IS_ENOUGH },
    spec: {
      backoffLimit: KEEPER_RETRIES,
      podReplacementPolicy: "Failed",
      podFailurePolicy: failurePolicy(["keep"]),
      template: {
        metadata: {
          // The component of the team's network policies that reaches the API server and the registry.
          labels: { ...runLabels(plan), "app.kubernetes.io/component": "preflight", "azure.workload.identity/use": "true" },
        },
        spec: keeperPod(plan, inputs),
      },
    },
  };
}

function keeperPod(plan: KaitoTuningPlan, { trainerImage, serviceAccountName }: Pick<KaitoKeeperInputs, "trainerImage" | "serviceAccountName">) {
  return {
    restartPolicy: "Never",
    serviceAccountName,
    automountServiceAccountToken: false,
    securityContext: RESTRICTED_POD,
    volumes: [
      { name: "configuration", configMap: { name: plan.keeperName } },
      { name: "token", projected: { sources: TOKEN_SOURCES } },
      ...SCRATCH.volumes,
    ],
    containers: [
      {
        name: "keep",
        image: trainerImage,
        imagePullPolicy: "IfNotPresent",
        args: ["keep"],
        env: SCRATCH.environment,
        resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
        securityContext: RESTRICTED_CONTAINER,
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          { name: "configuration", mountPath: "/etc/tuning", readOnly: true },
          { name: "token", mountPath: TOKEN_PATH, readOnly: true },
          ...SCRATCH.mounts,
        ],
      },
    ],
  };
}
