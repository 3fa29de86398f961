import { anything, fields, list, mapOf, oneOf, type Schema, text, whole, withDefault } from "../../schema";
import type { PlayedVersion } from "../versions";

/** Versions of KAITO's API: https://github.com/kaito-project/kaito/tree/v0.12.0/api */
export type KaitoApi = "v1alpha1" | "v1beta1";

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
export const labelSelector: Schema = {
  ...fields({
    matchExpressions: {
      ...list(fields({ key: text, operator: text, values: { ...list(text), "x-kubernetes-list-type": "atomic" } }, ["key", "operator"])),
      "x-kubernetes-list-type": "atomic",
    },
    matchLabels: mapOf(text),
  }),
  "x-kubernetes-map-type": "atomic",
};

/** A part of a GPU for each Workspace, on nodes of one's own: since 0.12. */
export const partition: Schema = fields({ mode: oneOf("mig", "accelerator"), profile: text, count: whole(1) }, ["mode"]);

/** The newer API alone takes a secret with a Hugging Face token. */
export function preset(api: KaitoApi): Schema {
  const token: Readonly<Record<string, Schema>> = api === "v1beta1" ? { modelAccessSecret: text } : {};
  return fields(
    {
      name: text,
      accessMode: withDefault(oneOf("public", "private"), "public"),
      presetOptions: fields({ image: text, imagePullSecrets: list(text), ...token }),
    },
    ["name"],
  );
}

/** A volume is any of the core API's: the definition takes whatever it is given, and the controller reads of it what it knows. */
export const dataSource: Schema = fields({
  name: text,
  urls: list(text),
  volumeSource: anything,
  image: text,
  imagePullSecrets: list(text),
});

export const dataDestination: Schema = fields({ volumeSource: anything, image: text, imagePushSecret: text });

export function inference(api: KaitoApi): Schema {
  return fields({
    preset: preset(api),
    template: anything,
    config: text,
    adapters: list(fields({ source: dataSource, strength: text })),
  });
}

/** https://github.com/kubernetes-sigs/controller-tools writes it so for metav1.Condition. */
export const conditions: Schema = list(
  fields(
    {
      type: { type: "string", maxLength: 316 },
      status: oneOf("True", "False", "Unknown"),
      reason: { type: "string", minLength: 1, maxLength: 1024, pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$" },
      message: { type: "string", maxLength: 32_768 },
      lastTransitionTime: { type: "string", format: "date-time" },
      observedGeneration: { ...whole(0), format: "int64" },
    },
    ["lastTransitionTime", "message", "reason", "status", "type"],
  ),
);

const metric: Schema = fields({ description: text, value: text, unit: text, config: mapOf(text) }, ["description", "value"]);

/** What the load benchmark found, since it exists. */
export function performance(version: PlayedVersion): Readonly<Record<string, Schema>> {
  return version === "0.6" ? {} : { performance: fields({ metrics: mapOf(metric) }) };
}
