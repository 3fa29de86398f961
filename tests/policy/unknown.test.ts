import * as pulumi from "@pulumi/pulumi";
import type { Json, JsonObject } from "../../sandbox/providers/values";
import { GOOD_IN_AZURE, IN_AZURE } from "./planted/in-azure";
import { GOOD_IN_KUBERNETES, IN_KUBERNETES } from "./planted/in-kubernetes";
import type { Declared } from "./planted/declared";
import { reported, reportedOfStack } from "./planted/report";
import { STACKS } from "./planted/stacks";

const ROWS = [...IN_AZURE, ...IN_KUBERNETES];
const GOOD = [...new Set([...ROWS.map(({ good }) => good), ...GOOD_IN_AZURE, ...GOOD_IN_KUBERNETES])];
/** What the engine sends in place of a value that only the deployment will know. */
const UNKNOWN = pulumi.runtime.unknownValue;
/** Parameters that hold every rule to something. */
const STRICT = { allowedLocations: ["eastus"], allowedGpuSizes: ["Standard_NC24ads_A100_v4"], allowedRegistries: ["mlreg.azurecr.io"], maxHourlyUsd: 9 };

/** The inputs with each part of them unknown in turn, whole objects and lists included. */
function* withUnknowns(value: Json | undefined): Generator<Json> {
  yield UNKNOWN;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value) as readonly (readonly [string, Json])[]) {
    for (const replaced of withUnknowns(inner)) {
      yield Array.isArray(value) ? value.map((each: Json, index) => (String(index) === key ? replaced : each)) : { ...value, [key]: replaced };
    }
  }
}

function variants(resource: Declared): readonly Declared[] {
  return [...withUnknowns(resource.props)].filter((props) => typeof props === "object").map((props) => ({ ...resource, props: props as JsonObject }));
}

function allUnknown({ good, bad }: { readonly good: Declared; readonly bad: Declared }): Declared {
  return { ...bad, props: Object.fromEntries(Object.keys({ ...good.props, ...bad.props }).map((key) => [key, UNKNOWN])) };
}

describe("what only the deployment will know", () => {
  it("is never reported on, whichever part of a good resource it is", () => {
    const all = GOOD.flatMap(variants);
    expect(all.length).toBeGreaterThan(1000);
    expect(reported(all, STRICT)).toEqual([]);
  });

  it("is never reported on in a stack", () => {
    const found = STACKS.flatMap(({ rule, good, parameters }) =>
      good.flatMap((one, index) =>
        variants(one).flatMap((variant) => reportedOfStack([...good.slice(0, index), variant, ...good.slice(index + 1)], parameters).filter((each) => each.rule === rule)),
      ),
    );
    expect(found).toEqual([]);
  });

  it("hides a violation that all of a resource's inputs hide", () => {
    expect(reported(ROWS.map(allUnknown), STRICT)).toEqual([]);
  });

  it("hides no violation beside it", () => {
    const [row] = IN_KUBERNETES.filter(({ rule }) => rule === "pod-not-privileged");
    const beside = row && { ...row.bad, props: { ...row.bad.props, metadata: { name: UNKNOWN, namespace: "support" } } };
    expect(reported(beside ? [beside] : []).map(({ rule }) => rule)).toEqual(["pod-not-privileged"]);
  });
});
