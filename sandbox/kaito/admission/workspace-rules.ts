import { PLAYED_FACTS, type PlayedVersion, type Provisioner } from "../versions";
import { editedInferenceRules, newInferenceRules, OF_A_WORKSPACE } from "./inference-rules";
import { always, annotationAt, isThere, onCreate, onUpdate, oneOfTexts, type Rule, textAt, unchanged } from "./rules";
import { editedTuningRules, imageRules, newTuningRules } from "./tuning-rules";

const size = (object: string) => textAt(object, "resource", "instanceType");

/** https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go */
export function workspaceRules(version: PlayedVersion, provisioner: Provisioner): readonly Rule[] {
  const facts = PLAYED_FACTS[version];
  const inference = newInferenceRules(facts, provisioner, OF_A_WORKSPACE).map((rule): Rule => ({ ...rule, on: "create" }));
  return [
    ...wholeObject(version),
    ...sizeRules(provisioner, facts.sizeOfOwnNodes),
    onUpdate("count: field is immutable", `${isThere("object", "resource", "count")} == false || ${unchanged("resource", "count")}`),
    onUpdate("partition: field is immutable", unchanged("resource", "partition")),
    onUpdate("labelSelector: field is immutable", unchanged("resource", "labelSelector")),
    ...inference,
    ...editedInferenceRules(),
    ...newTuningRules(facts),
    ...editedTuningRules(),
    ...imageRules(),
  ];
}

function wholeObject(version: PlayedVersion): readonly Rule[] {
  return [
    always("name must be a DNS label", `object.metadata.name.matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") && size(object.metadata.name) <= 63`),
    onCreate("either inference or tuning must be specified, not neither", `${isThere("object", "inference")} || ${isThere("object", "tuning")}`),
    onCreate("either inference or tuning must be specified, but not both", `!${isThere("object", "inference")} || !${isThere("object", "tuning")}`),
    onUpdate("inference field cannot be toggled once set", `${isThere("object", "inference")} == ${isThere("oldObject", "inference")}`),
    onUpdate("tuning field cannot be toggled once set", `${isThere("object", "tuning")} == ${isThere("oldObject", "tuning")}`),
    ...(version === "0.6" ? [] : annotationRules()),
  ];
}

function annotationRules(): readonly Rule[] {
  const among = (key: string, values: readonly string[], message: string) => {
    const value = annotationAt("object", `kaito.sh/${key}`);
    return onCreate(`kaito.sh/${key}: ${message}`, `${value} == "" || ${value} in ${oneOfTexts(values)}`);
  };
  return [
    among("node-image-family", ["azurelinux", "ubuntu"], "unsupported node image family, supported values are azurelinux, ubuntu"),
    among("performance-mode", ["balanced", "interactivity", "throughput"], "not a valid performance mode; choose one of: balanced, interactivity, throughput"),
    among("use-local-weights", ["true", "false"], 'must be "true" or "false"'),
  ];
}

/** Who makes nodes decides whether a size must be named or must not. */
function sizeRules(provisioner: Provisioner, sizeOfOwnNodes: boolean): readonly Rule[] {
  if (provisioner !== "byo") {
    return [
      always("instanceType is required when node auto-provisioning is enabled", `${size("object")} != ""`),
      onUpdate("instanceType cannot be changed once set when node auto-provisioning is enabled", `${size("oldObject")} == "" || ${size("object")} == ${size("oldObject")}`),
    ];
  }
  const empty = "instanceType must be empty when node auto-provisioning is disabled (BYO scenario)";
  return [
    ...(sizeOfOwnNodes ? [] : [onCreate(empty, `${size("object")} == ""`)]),
    onUpdate("instanceType cannot be changed once set", `${size("object")} == "" || ${size("object")} == ${size("oldObject")}`),
  ];
}
