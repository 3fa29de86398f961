/** Names and labels as the API server's own validation has them: k8s.io/apimachinery/pkg/util/validation. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

export const isLabel = (text: unknown): boolean => typeof text === "string" && LABEL.test(text);
export const isSubdomain = (text: unknown): boolean => typeof text === "string" && SUBDOMAIN.test(text);

/** What is wrong with the keys, and with the values where they are labels and not annotations. */
export function labelFaults(where: string, labels: unknown, areLabels = true): string[] {
  if (labels === undefined) return [];
  if (typeof labels !== "object" || labels === null) return [`${where} is not a map`];
  return Object.entries(labels).flatMap(([key, value]: [string, unknown]) => {
    const [name = "", prefix] = key.split("/").reverse();
    const keyed = key.split("/").length <= 2 && QUALIFIED_NAME.test(name) && (prefix === undefined || isSubdomain(prefix));
    const valued = typeof value === "string" && (!areLabels || LABEL_VALUE.test(value));
    return [...(keyed ? [] : [`${where} has the key ${key}`]), ...(valued ? [] : [`${where}.${key} is ${JSON.stringify(value)}`])];
  });
}
