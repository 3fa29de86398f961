import type { Problem } from "./refuse";

/** Labels of Kubernetes objects and nodes. */
export type Labels = Readonly<Record<string, string>>;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;
const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const LONGEST = 63;
const LONGEST_PREFIX = 253;

/** Faults of the labels that a user gave. */
export function labelProblems(path: string, labels: Labels = {}): Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => [...keyProblems(path, key), ...valueProblems(`${path}.${key}`, value)]);
}

function keyProblems(path: string, key: string): Problem[] {
  const [name = "", prefix = ""] = key.split("/").reverse();
  if (KEY.test(key) && name.length <= LONGEST && prefix.length <= LONGEST_PREFIX) return [];
  const rule = `a label's name has at most ${LONGEST} letters, digits, "-", "_" and ".", after an optional DNS prefix of at most ${LONGEST_PREFIX} and "/"`;
  return [{ code: "AKSFT-LABEL-01", path, got: key, rule, fix: 'use for example "example.com/owner"' }];
}

function valueProblems(path: string, value: string): Problem[] {
  if (VALUE.test(value) && value.length <= LONGEST) return [];
  const rule = `a label's value has at most ${LONGEST} letters, digits, "-", "_" and ".", with a letter or digit at both ends, has ${value.length} characters`;
  const mended = value.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, LONGEST).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return [{ code: "AKSFT-LABEL-02", path, got: value, rule, fix: `use for example "${mended}"` }];
}
