import { PLAYED_FACTS, type PlayedVersion, type Provisioner } from "../versions";
import { newInferenceRules, OF_AN_INFERENCE_SET } from "./inference-rules";
import { always, onUpdate, type Rule, textAt, unchanged } from "./rules";

const PARTS = ["spec", "template", "resource", "instanceType"];

/** https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/inferenceset_validation.go: its child is judged anew at every edit. */
export function inferenceSetRules(version: PlayedVersion, provisioner: Provisioner): readonly Rule[] {
  const facts = PLAYED_FACTS[version];
  const size = textAt("object", ...PARTS);
  const named = always("instanceType is required when node auto-provisioning is enabled", `${size} != ""`);
  const unnamed = always("instanceType must be empty when nodeProvisioner is byo", `${size} == ""`);
  const sizes = provisioner === "byo" ? (facts.sizeOfOwnNodes ? [] : [unnamed]) : [named];
  return [
    always("name must be a DNS label", `object.metadata.name.matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") && size(object.metadata.name) <= 63`),
    ...sizes,
    onUpdate("partition: field is immutable", unchanged("spec", "template", "resource", "partition")),
    ...newInferenceRules(facts, provisioner, OF_AN_INFERENCE_SET),
  ];
}
