import { type CustomResourceDefinition, definition, fields, list, type Schema, text, whole, withDefault } from "../../schema";
import type { PlayedVersion } from "../versions";
import { conditions, dataDestination, dataSource, inference, type KaitoApi, labelSelector, partition, performance, preset } from "./parts";

/** What the older API buys where no size is named, which breaks nodes of one's own. */
export const DEFAULT_SIZE = "Standard_NC24ads_A100_v4";

/** The newer API has had that default too, up to 0.6. */
function instanceType(version: PlayedVersion, api: KaitoApi): Schema {
  return api === "v1alpha1" || version === "0.6" ? withDefault(text, DEFAULT_SIZE) : text;
}

function resource(version: PlayedVersion, api: KaitoApi): Schema {
  const parts: Readonly<Record<string, Schema>> = version !== "0.6" && api === "v1beta1" ? { partition } : {};
  return fields(
    { count: withDefault(whole(), 1), instanceType: instanceType(version, api), labelSelector, preferredNodes: list(text), ...parts },
    ["labelSelector"],
  );
}

function tuning(api: KaitoApi): Schema {
  return fields({ preset: preset(api), method: text, config: text, input: dataSource, output: dataDestination }, ["input", "output"]);
}

function status(version: PlayedVersion, api: KaitoApi): Schema {
  const common = { conditions, workerNodes: list(text) };
  if (version === "0.6" || api === "v1alpha1") return fields(common);
  return fields({ ...common, state: text, targetNodeCount: { ...whole(), format: "int32" }, ...performance(version) });
}

const ready = (name: string): readonly [string, string, string] => [name, "string", `.status.conditions[?(@.type=="${name}")].status`];

/**
 * The Workspace in our words: it has no `spec`, its parts stand beside the metadata.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_types.go and, of 0.6, charts/kaito/workspace/crds/kaito.sh_workspaces.yaml.
 */
export function workspaceDefinition(version: PlayedVersion): CustomResourceDefinition {
  const names = { group: "kaito.sh", kind: "Workspace", scope: "Namespaced", shortNames: ["wk", "wks"], categories: ["workspace"] } as const;
  const conditionColumns = ["ResourceReady", "InferenceReady", "JobStarted", "WorkspaceSucceeded"].map(ready);
  return definition(
    names,
    (["v1alpha1", "v1beta1"] as const).map((api) => ({
      name: api,
      storage: api === "v1beta1",
      schema: fields({
        resource: resource(version, api),
        inference: inference(api),
        tuning: tuning(api),
        status: status(version, api),
      }),
      subresources: { status: {} },
      columns: [["Instance", "string", ".resource.instanceType"], ...conditionColumns, ["Age", "date", ".metadata.creationTimestamp"]],
    })),
  );
}
