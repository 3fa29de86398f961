import type { Input } from "@pulumi/pulumi";
import type { Problem } from "./refuse";

/** Tags of Azure resources, by which cost is told apart. Plain names, so that they can be counted before anything is registered. */
export type Tags = Readonly<Record<string, Input<string>>>;

/** ARM's limits: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const MOST_TAGS = 50;
const LONGEST_NAME = 512;
const LONGEST_VALUE = 256;
const FORBIDDEN = /[<>%&\\?/]/;

/** Two tags that every Azure resource of this library carries, so that a bill can be read by component. */
export function tagged(component: string, name: string, tags: Tags = {}): Record<string, Input<string>> {
  return { ...tags, ...ownTags(component, name) };
}

function ownTags(component: string, name: string): Record<string, string> {
  return { "managed-by": "aks-fine-tuning", component: `${component}/${name}` };
}

/** Faults of the tags that a user gave, counted together with the library's own. */
export function tagProblems(path: string, tags: Tags = {}): Problem[] {
  const own = Object.keys(ownTags("", ""));
  const count = Object.keys(tags).length + own.length;
  const tooMany: Problem[] =
    count <= MOST_TAGS
      ? []
      : [
          {
            code: "AKSFT-TAG-01",
            path,
            got: `${count} tags`,
            rule: `at most ${MOST_TAGS} per resource, ${own.length} of them added by the library`,
            fix: `remove ${count - MOST_TAGS}`,
          },
        ];
  return [...tooMany, ...Object.entries(tags).flatMap(([name, value]) => tagFaults(path, name, value, own))];
}

function tagFaults(path: string, name: string, value: Input<string>, own: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  if (own.some((reserved) => reserved.toLowerCase() === name.toLowerCase())) {
    problems.push({ code: "AKSFT-TAG-02", path: `${path}.${name}`, got: name, rule: `the library sets ${own.join(" and ")} itself`, fix: `use another name, for example "${name}-of-ours"` });
  }
  if (name.length === 0 || name.length > LONGEST_NAME || FORBIDDEN.test(name)) {
    const rule = `a tag's name has 1 to ${LONGEST_NAME} characters and none of < > % & \\ ? /`;
    problems.push({ code: "AKSFT-TAG-03", path, got: name, rule, fix: 'use for example "cost-center"' });
  }
  if (typeof value === "string" && value.length > LONGEST_VALUE) {
    const rule = `a tag's value has at most ${LONGEST_VALUE} characters, has ${value.length}`;
    problems.push({ code: "AKSFT-TAG-04", path: `${path}.${name}`, got: value, rule, fix: `shorten it by ${value.length - LONGEST_VALUE}` });
  }
  return problems;
}
