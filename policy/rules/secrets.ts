import { containersOf, POD_KINDS, podOf } from "../resources/pods";
import type { Resource } from "../resources/resource";
import { at, entries, list, textOf, type Value } from "../resources/value";
import type { Rule } from "../rule";
import { rule } from "./settings";

/** What hubs, registries and clouds hand out, by its form: https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns */
const CREDENTIALS: readonly (readonly [string, RegExp])[] = [
  ["a token of Hugging Face", /\bhf_[A-Za-z0-9]{20,}/],
  ["a token of GitHub", /\b(?:gh[opsu]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/],
  ["a key of OpenAI", /\bsk-(?:proj-)?[\w-]{20,}/],
  ["a key of Weights & Biases", /\bWANDB_API_KEY\W+[0-9a-f]{40}\b/],
  ["a key of AWS", /\bAKIA[0-9A-Z]{16}\b/],
  ["a key of Azure Storage", /\bAccountKey=[A-Za-z0-9+/]{40,}/],
  ["a signature of Azure Storage", /[?&]sig=[\w%]{30,}/],
  ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./],
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/],
];
const GUIDE = "https://kubernetes.io/docs/concepts/configuration/secret/";

/** Credentials where everybody reads them. What is found is never shown. */
export const SECRET_RULES: readonly Rule[] = [
  rule(["kubernetes:core:ConfigMap"], ({ props }) => [...found(at(props, "data"), "data"), ...found(at(props, "binaryData"), "binaryData")], {
    ...{ name: "config-map-no-secret", severity: "critical" },
    description: "No ConfigMap holds a credential: whoever sees the namespace reads it",
    remediation: "put it into Key Vault or a Secret, and roll it",
    url: GUIDE,
  }),
  rule(POD_KINDS, podFaults, {
    ...{ name: "pod-no-plain-secret", severity: "critical" },
    description: "No credential stands in the environment or on the command line of a container",
    remediation: "mount it from Key Vault or a Secret, or use workload identity, and roll it",
    url: GUIDE,
  }),
  rule(["azure-native:*", "kubernetes:*"], labelFaults, {
    ...{ name: "no-secret-in-labels", severity: "critical" },
    description: "No tag, label or annotation holds a credential: they are shown everywhere",
    remediation: "remove it, and roll it",
    url: GUIDE,
  }),
];

function podFaults(each: Resource): readonly string[] {
  return containersOf(podOf(each)).flatMap(({ where, container }) => [
    ...list(at(container, "env")).flatMap((variable) => found({ [nameOf(variable)]: at(variable, "value") }, `${where}.env`)),
    ...["args", "command"].flatMap((path) => found(at(container, path), `${where}.${path}`)),
  ]);
}

function nameOf(variable: Value): string {
  return textOf(at(variable, "name")) ?? "?";
}

function labelFaults({ props }: Resource): readonly string[] {
  return ["tags", "metadata.labels", "metadata.annotations"].flatMap((path) => found(at(props, path), path));
}

/** Credentials anywhere in a value, each by where it is and what it looks like. */
function found(value: Value, path: string): readonly string[] {
  if (typeof value === "string") {
    const named = `${path.split(".").at(-1) ?? ""}=${value}`;
    return CREDENTIALS.filter(([, form]) => form.test(named)).map(([what]) => `${path} holds ${what}`);
  }
  return [...list(value).entries(), ...entries(value)].flatMap(([key, inner]) => found(inner, typeof key === "number" ? `${path}[${key}]` : `${path}.${key}`));
}
