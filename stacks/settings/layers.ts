import type { Problem } from "../../components/plan/refuse";
import { choiceProblems } from "../../components/plan/spelling";

export const LAYERS = ["platform", "tuning", "serving"] as const;
export type Layer = (typeof LAYERS)[number];

/** Faults of the layers of a stack, which may stand on the platform of another. */
export function layerProblems(layers: readonly string[], platformStack: string | undefined): Problem[] {
  return [
    ...layers.flatMap((layer, index) => choiceProblems("AKSFT-STACK-01", `layers[${index}]`, layer, LAYERS)),
    ...orderProblems(layers, platformStack),
    ...twoPlatforms(layers, platformStack),
  ];
}

/** A layer builds on the ones before it: in the same stack, or, the platform alone, in another. */
function orderProblems(layers: readonly string[], platformStack: string | undefined): Problem[] {
  const absent = LAYERS.filter((layer, index) => !layers.includes(layer) && LAYERS.slice(index + 1).some((later) => layers.includes(later)));
  return absent
    .filter((layer) => layer !== "platform" || platformStack === undefined)
    .map((layer) => ({
      code: "AKSFT-STACK-06",
      path: "layers",
      got: layers,
      rule: `lacks ${layer}, which the layers after it build on`,
      fix: layer === "platform" ? "add platform, or name the stack that holds it in platformStack" : `add ${layer}`,
    }));
}

function twoPlatforms(layers: readonly string[], platformStack: string | undefined): Problem[] {
  if (platformStack === undefined || !layers.includes("platform")) return [];
  const rule = "names a stack to take the platform from, and layers has a platform of this stack's own";
  return [{ code: "AKSFT-STACK-09", path: "platformStack", got: platformStack, rule, fix: "remove it, or platform from layers" }];
}
