import type { PlayedFacts, Provisioner } from "../versions";
import { always, annotationAt, at, isReference, isThere, listAt, oneOfTexts, onUpdate, type Rule, textAt, unchanged } from "./rules";

/** Labels that KAITO sets itself and leaves out of a selector: https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/labels.go */
const RESERVED = [
  "kaito.sh/workspace",
  "kaito.sh/workspacenamespace",
  "kaito.sh/ragengine",
  "kaito.sh/ragenginenamespace",
  "karpenter.kaito.sh/workspace-name",
  "karpenter.kaito.sh/workspace-namespace",
  "karpenter.kaito.sh/inferenceset",
  "karpenter.kaito.sh/inferenceset-namespace",
];

/** Where the parts of an inference stand: in a Workspace at its top, in an InferenceSet in its template. */
export interface InferencePlaces {
  readonly inference: readonly string[];
  readonly resource: readonly string[];
  readonly labelSelector: readonly string[];
  /** CEL of the value of an annotation. */
  readonly annotation: (key: string) => string;
}

export const OF_A_WORKSPACE: InferencePlaces = {
  inference: ["inference"],
  resource: ["resource"],
  labelSelector: ["resource", "labelSelector"],
  annotation: (key) => annotationAt("object", key),
};

export const OF_AN_INFERENCE_SET: InferencePlaces = {
  inference: ["spec", "template", "inference"],
  resource: ["spec", "template", "resource"],
  labelSelector: ["spec", "labelSelector"],
  annotation: (key) => annotationAt("object.spec.template", key),
};

/** What is wrong with a preset's name: known ones, and on Hugging Face whatever has a "/"; that it is there the webhook asks, which CEL cannot. */
export function knownPreset(facts: PlayedFacts, ...path: readonly string[]): string {
  const name = `${textAt("object", ...path, "preset", "name")}.lowerAscii()`;
  const anyModel = facts.anyModel ? ` || ${name}.contains("/")` : "";
  return `!${isThere("object", ...path, "preset")} || ${name} in ${oneOfTexts(facts.shortNames)}${anyModel}`;
}

/** https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go, validateCreateWithInference and InferenceSpec's own. */
export function newInferenceRules(facts: PlayedFacts, provisioner: Provisioner, places: InferencePlaces): readonly Rule[] {
  const { inference, resource, labelSelector, annotation } = places;
  const adapters = listAt("object", ...inference, "adapters");
  const names = `${adapters}.map(a, a.?source.?name.orValue(""))`;
  const vllm = `${annotation("kaito.sh/runtime")} != "transformers"`;
  const matchLabels = `${at("object", ...labelSelector, "matchLabels")}.orValue({})`;
  const size = textAt("object", ...resource, "instanceType");
  const ofInference = (rule: Rule): Rule => ({ ...rule, expression: `!${isThere("object", ...inference)} || (${rule.expression})` });
  return [
    always("preset or template must be specified, and not both", `${isThere("object", ...inference, "preset")} != ${isThere("object", ...inference, "template")}`),
    always("unsupported inference preset name", knownPreset(facts, ...inference)),
    always(
      "labelSelector: only matchLabels and In with one value can be turned into labels",
      `${listAt("object", ...labelSelector, "matchExpressions")}.all(e, e.operator == "In" && size(e.?values.orValue([])) == 1)`,
    ),
    ...(facts.reservesLabels ? [reservedRule(matchLabels)] : []),
    always(
      "unsupported instance type: neither a known size nor one that begins with Standard_N or Standard_D",
      `${size} == "" || ${size}.lowerAscii().startsWith("standard_n") || ${size}.lowerAscii().startsWith("standard_d")`,
    ),
    always(
      provisioner === "byo"
        ? "MIG and accelerator support are not enabled, set feature gate enableMIG=true or enableAccelerator=true"
        : "GPU partitioning is only supported with BYO nodes (disableNodeAutoProvisioning=true)",
      `!${isThere("object", ...resource, "partition")}`,
    ),
    always(
      "multi-node distributed inference is not supported with Huggingface Transformers runtime",
      `${vllm} || ${at("object", ...resource, "count")}.orValue(1) <= 1`,
    ),
    always("number of adapters exceeds the maximum of 10", `size(${adapters}) <= 10`),
    always("adapters have duplicate source names", `${names}.all(n, ${names}.exists_one(m, m == n))`),
    always("vLLM does not support adapter strength", `!(${vllm}) || ${adapters}.all(a, !has(a.strength))`),
  ].map(ofInference);
}

function reservedRule(matchLabels: string): Rule {
  const own = `${matchLabels}.exists(k, !(k in ${oneOfTexts(RESERVED)}))`;
  return always("matchLabels must contain at least one non-reserved label", `size(${matchLabels}) == 0 || ${own}`);
}

/** What is looked at in an edit alone: a new object gets through with any adapter. */
export function editedInferenceRules(): readonly Rule[] {
  const adapters = listAt("object", "inference", "adapters");
  const source = (condition: string) => `${adapters}.all(a, ${condition})`;
  return [
    onUpdate("preset cannot be changed", unchanged("inference", "preset")),
    onUpdate("template cannot be set/unset if preset is set/unset", `${isThere("object", "inference", "template")} == ${isThere("oldObject", "inference", "template")}`),
    onUpdate("adapter without a source", source("has(a.source)")),
    onUpdate("name of adapter must be specified, and be a DNS subdomain", source('a.?source.?name.orValue("").matches("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")')),
    onUpdate("either image or volume must be specified for adapter source", source('a.?source.?image.orValue("") != "" || has(a.source.volumeSource)')),
    onUpdate("URLs are not supported as adapter source", source("size(a.?source.?urls.orValue([])) == 0")),
    onUpdate("unable to parse the adapter's image reference", source(isReference('a.?source.?image.orValue("")'))),
    onUpdate(
      "strength of an adapter must be between 0 and 1",
      source('!has(a.strength) || (a.strength.matches("^[0-9]*\\\\.?[0-9]+$") && double(a.strength) >= 0.0 && double(a.strength) <= 1.0)'),
    ),
  ];
}
