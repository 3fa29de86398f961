import { anything, type CustomResourceDefinition, definition, fields, flag, oneOf, type Schema, text, whole, withDefault } from "../../schema";
import type { PlayedVersion } from "../versions";
import { conditions, inference, type KaitoApi, labelSelector, partition, performance } from "./parts";

const autoUpgrade = fields({
  enabled: withDefault(flag, false),
  strategy: withDefault(oneOf("InPlace", "Surge"), "InPlace"),
  maintenanceWindow: fields({ schedule: text, duration: withDefault(text, "4h") }, ["schedule"]),
});

function spec(api: KaitoApi): Schema {
  return fields(
    {
      replicas: withDefault({ ...whole(0), format: "int32" }, 1),
      nodeCountLimit: whole(),
      labelSelector,
      updateStrategy: withDefault(anything, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } }),
      autoUpgrade,
      template: fields(
        { metadata: anything, resource: fields({ instanceType: text, partition }), inference: inference(api) },
        ["inference"],
      ),
    },
    ["labelSelector", "template"],
  );
}

function status(version: PlayedVersion): Schema {
  return fields({
    replicas: whole(),
    readyReplicas: whole(),
    selector: text,
    conditions,
    ...performance(version),
    autoUpgrade: fields({ numDriftedWorkspaces: whole(), lastSuccessfulUpgradeTime: { type: "string", format: "date-time" } }),
  });
}

/** So many Workspaces of one template. https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/inferenceset_types.go */
export function inferenceSetDefinition(version: PlayedVersion): CustomResourceDefinition {
  const names = { group: "kaito.sh", kind: "InferenceSet", scope: "Namespaced", shortNames: ["is", "isets"], categories: ["inferenceset"] } as const;
  const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" };
  return definition(
    names,
    (["v1alpha1", "v1beta1"] as const).map((api) => ({
      name: api,
      storage: api === "v1beta1",
      schema: fields({ spec: spec(api), status: status(version) }, ["spec"]),
      subresources: { status: {}, scale },
      columns: [
        ["Replicas", "integer", ".spec.replicas"],
        ["ReadyReplicas", "integer", ".status.readyReplicas"],
        ["Age", "date", ".metadata.creationTimestamp"],
      ],
    })),
  );
}
