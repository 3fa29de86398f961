import type { PlayedFacts } from "../versions";
import { knownPreset } from "./inference-rules";
import { isReference, isThere, listAt, onCreate, onUpdate, type Rule, textAt, unchanged } from "./rules";

const WEB = "^(?i)https?://[^/]+";
/** Hosts that a download must not reach. */
const LOCAL =
  "^(?i)https?://([^/@]*@)?(localhost|[^/:]*\\.localhost|metadata\\.google(\\.internal)?|instance-data\\.ec2\\.internal|127\\.[0-9.]+|10\\.[0-9.]+|192\\.168\\.[0-9.]+|169\\.254\\.[0-9.]+|172\\.(1[6-9]|2[0-9]|3[01])\\.[0-9.]+|\\[(::1|f[cd]|fe80)[^/]*)(:[0-9]+)?(/|$)";

const input = (...path: readonly string[]) => ["tuning", "input", ...path];
const output = (...path: readonly string[]) => ["tuning", "output", ...path];
const given = (...path: readonly string[]) => `${textAt("object", ...path)} != ""`;
/** How many of these are true. */
const howMany = (...conditions: readonly string[]) => `[${conditions.join(", ")}].filter(c, c).size()`;

/** https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go, TuningSpec's own. Neither the size nor its memory is looked at. */
export function newTuningRules(facts: PlayedFacts): readonly Rule[] {
  const urls = listAt("object", ...input("urls"));
  const inputs = howMany(`size(${urls}) > 0`, isThere("object", ...input("volumeSource")), given(...input("image")));
  const outputs = howMany(isThere("object", ...output("volumeSource")), given(...output("image")));
  return [
    onCreate("tuning does not currently support multinode configurations: set the node count to 1", `object.?resource.?count.orValue(1) <= 1`),
    onCreate("GPU partitioning is not supported for tuning workloads", `!${isThere("object", "resource", "partition")}`),
    onCreate("method is neither lora nor qlora", `${textAt("object", "tuning", "method")}.lowerAscii() in ["lora", "qlora"]`),
    onCreate("exactly one of urls, volumeSource or image must be specified as input", `${inputs} == 1`),
    onCreate("data source URL must use HTTP or HTTPS", `${urls}.all(u, u.matches(${JSON.stringify(WEB)}))`),
    onCreate("data source URL must not target a local, private or metadata endpoint", `${urls}.all(u, !u.matches(${JSON.stringify(LOCAL)}))`),
    onCreate("exactly one of volumeSource or image must be specified as output", `${outputs} == 1`),
    onCreate("must specify imagePushSecret with destination image", `!(${given(...output("image"))}) || ${given(...output("imagePushSecret"))}`),
    onCreate("tuning needs a preset", isThere("object", "tuning", "preset")),
    onCreate("unsupported tuning preset name", knownPreset(facts, "tuning")),
  ].map(ofTuning);
}

/** "Exactly one" is not looked at again. */
export function editedTuningRules(): readonly Rule[] {
  return [
    onUpdate("preset cannot be changed", unchanged("tuning", "preset")),
    onUpdate("method cannot be changed", `${textAt("object", "tuning", "method")}.lowerAscii() == ${textAt("oldObject", "tuning", "method")}.lowerAscii()`),
    onUpdate("during tuning the name of the input cannot be changed once set", unchanged(...input("name"))),
  ].map(ofTuning);
}

export function imageRules(): readonly Rule[] {
  const rule = (message: string, ...path: readonly string[]): Rule => ({ on: "always", message, expression: isReference(textAt("object", ...path)) });
  return [
    rule("unable to parse input image reference", ...input("image")),
    rule("unable to parse output image reference", ...output("image")),
  ].map(ofTuning);
}

function ofTuning(rule: Rule): Rule {
  return { ...rule, expression: `!${isThere("object", "tuning")} || (${rule.expression})` };
}
