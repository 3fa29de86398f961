import { manyTags } from "../arbitraries/common";
import type { Mutation } from "../subject";

/** What every component with tags refuses of them. */
export function tagMutations<A extends { readonly tags?: object }>(): readonly Mutation<A>[] {
  const tagged = (tags: object) => ({ args: { tags } as Partial<Record<keyof A, unknown>> });
  return [
    { fault: "49 tags beside the library's two", code: "AKSFT-TAG-01", argument: "tags", rule: "a resource has 50 tags at most", ...tagged(manyTags(49)), nearest: tagged(manyTags(48)) },
    { fault: "a tag of the library", code: "AKSFT-TAG-02", argument: "tags", ...tagged({ Component: "ai" }), nearest: tagged({ "Component-of-ours": "ai" }) },
    { fault: "a tag with a slash", code: "AKSFT-TAG-03", argument: "tags", ...tagged({ "cost/center": "ai" }), nearest: tagged({ "cost-center": "ai" }) },
    { fault: "a tag of 257 characters", code: "AKSFT-TAG-04", argument: "tags", ...tagged({ owner: "x".repeat(257) }), nearest: tagged({ owner: "x".repeat(256) }) },
  ];
}

/** Where a component is put: a group of the world, unless a mutation names another one. */
export interface Placed {
  readonly resourceGroupName?: string;
}

/** What every component that is put into a resource group refuses of its name. The nearest one exists. */
export function groupMutations<A extends Placed>(): readonly Mutation<A>[] {
  const inGroup = (resourceGroupName: string) => ({ args: { resourceGroupName } as Partial<Record<keyof A, unknown>> });
  const common = { code: "AKSFT-NAME-06", argument: "resourceGroupName" } as const;
  return [
    { ...common, fault: "a resource group that ends with a period", rule: "a resource group's name does not end with a period", ...inGroup("ml."), nearest: inGroup("ml") },
    { ...common, fault: "a resource group of 91 characters", ...inGroup("g".repeat(91)), nearest: inGroup("g".repeat(90)) },
  ];
}

/** What every component that takes labels refuses of them. */
export function labelMutations<A extends { readonly labels?: object }>(): readonly Mutation<A>[] {
  const labelled = (labels: object) => ({ args: { labels } as Partial<Record<keyof A, unknown>> });
  return [
    { fault: "a label's value of 64 characters", code: "AKSFT-LABEL-02", argument: "labels", rule: "a label's value has 63 characters at most", ...labelled({ "example.com/owner": "t".repeat(64) }), nearest: labelled({ "example.com/owner": "t".repeat(63) }) },
    { fault: "a label with a space", code: "AKSFT-LABEL-02", argument: "labels", ...labelled({ "example.com/owner": "data science" }), nearest: labelled({ "example.com/owner": "data-science" }) },
    { fault: "a label's name of 64 characters", code: "AKSFT-LABEL-01", argument: "labels", ...labelled({ ["k".repeat(64)]: "v" }), nearest: labelled({ ["k".repeat(63)]: "v" }) },
  ];
}
