import { isProperties, isValues, type Properties, Secret, type Value } from "../values";
import { field, plainObject, prune, text, withoutField, withField } from "./objects";

// What is kept in the Pulumi state: the live object as the outputs, with the inputs and the field manager beside it
// (pulumi-kubernetes, provider/pkg/provider/provider.go, checkpointObject and parseCheckpointObject).

const INPUTS = "__inputs";
const FIELD_MANAGER = "__fieldManager";
const INITIAL_API_VERSION = "__initialApiVersion";

export interface Checkpoint {
  readonly inputs: Properties;
  readonly live: Properties;
  readonly fieldManager: string | undefined;
}

/** `fromInputs` are the inputs with their secret marks, which the outputs get too. */
export function checkpoint(
  inputs: Properties,
  live: Properties,
  fromInputs: Properties,
  fieldManager: string,
): Properties {
  const outputs = withSecrets(withoutField(live, ["metadata", "managedFields"]), fromInputs);
  return {
    ...outputs,
    [INPUTS]: withSecrets(inputs, fromInputs),
    [FIELD_MANAGER]: fieldManager,
    [INITIAL_API_VERSION]: text(inputs, "apiVersion") ?? text(live, "apiVersion") ?? "",
  };
}

export function parseCheckpoint(state: Properties): Checkpoint {
  const plain = plainObject(state);
  const inputs = field(plain, INPUTS);
  const live = [INPUTS, FIELD_MANAGER, INITIAL_API_VERSION].reduce((rest, key) => withoutField(rest, [key]), plain);
  return { inputs: isProperties(inputs) ? inputs : {}, live, fieldManager: text(plain, FIELD_MANAGER) };
}

/**
 * Marks what was secret in the inputs, and always the content of a Secret (provider.go, annotateSecrets). A list with
 * one secret in it is secret as a whole: its order may differ.
 */
export function withSecrets(outputs: Properties, inputs: Properties): Properties {
  if (outputs["kind"] === "Secret") return secretFields(outputs, ["data", "stringData"]);
  const marked: Record<string, Value | undefined> = { ...outputs };
  for (const [key, wanted] of Object.entries(inputs)) {
    const value = marked[key];
    if (value === undefined || wanted === undefined || value instanceof Secret) continue;
    if (isProperties(value) && isProperties(wanted)) marked[key] = withSecrets(value, wanted);
    else if (containsSecret(wanted)) marked[key] = new Secret(value);
  }
  return marked;
}

function secretFields(object: Properties, keys: readonly string[]): Properties {
  return keys.reduce((marked, key) => {
    const value = marked[key];
    return value === undefined || value instanceof Secret ? marked : withField(marked, [key], new Secret(value));
  }, object);
}

function containsSecret(value: Value): boolean {
  if (value instanceof Secret) return true;
  if (isValues(value)) return value.some(containsSecret);
  return isProperties(value) && Object.values(value).some((inner) => inner !== undefined && containsSecret(inner));
}

const READ_ONLY = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Without what only the API server writes (provider.go, normalizeInputs). */
export function writable(inputs: Properties): Properties {
  return READ_ONLY.reduce((rest, key) => withoutField(rest, ["metadata", key]), inputs);
}

/** For comparing with a live object: a Secret's `stringData` as the `data` that it becomes. */
export function comparable(inputs: Properties): Properties {
  const bare = writable(inputs);
  const clear = bare["stringData"];
  if (bare["kind"] !== "Secret" || !isProperties(clear)) return bare;
  const data = field(bare, "data");
  const encoded = Object.entries(clear).map(([key, value]): [string, Value | undefined] => [
    key,
    typeof value === "string" ? Buffer.from(value).toString("base64") : value,
  ]);
  return {
    ...withoutField(bare, ["stringData"]),
    data: { ...(isProperties(data) ? data : {}), ...Object.fromEntries(encoded) },
  };
}

/** The declared part of a live object; the API server keeps a Secret's `stringData` only as `data`. */
export function declaredOfLive(live: Properties, declared: Properties): Properties {
  const data = live["data"];
  if (live["kind"] !== "Secret" || !("stringData" in declared) || !isProperties(data)) return prune(live, declared);
  const clear = Object.entries(data).map(([key, value]): [string, Value | undefined] => [
    key,
    typeof value === "string" ? Buffer.from(value, "base64").toString() : value,
  ]);
  return prune({ ...live, stringData: Object.fromEntries(clear) }, declared);
}

/** What the program would have written: an object that was read (`get`, `pulumi import`) without earlier inputs. */
export function inputsOfLive(live: Properties): Properties {
  const server = [...READ_ONLY.map((key) => ["metadata", key]), ["status"]];
  const annotations = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];
  const paths = [...server, ...annotations.map((key) => ["metadata", "annotations", key])];
  return paths.reduce(withoutField, live);
}
