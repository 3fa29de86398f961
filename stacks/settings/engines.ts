import type * as pulumi from "@pulumi/pulumi";
import type { GpuSize } from "../../components";
import type { Problem } from "../../components/plan/refuse";
import { choiceProblems } from "../../components/plan/spelling";
import { objectAt, textAt } from "./keys";

/** What can run each layer, the library's own first. */
const ENGINES = { tuning: ["job", "kaito"], serving: ["vllm", "kaito"] } as const;
export type EngineLayer = keyof typeof ENGINES;

/** Whether KAITO runs a layer. */
export function runsByKaito(config: pulumi.Config, layer: EngineLayer): boolean {
  return config.get(`${layer}Engine`) === "kaito";
}

/** Whether the library's own engine does, which is what runs a layer unless its key says otherwise. */
export function runsItself(config: pulumi.Config, layer: EngineLayer): boolean {
  const [own] = ENGINES[layer];
  return (textAt(config, `${layer}Engine`) ?? own) === own;
}

/** Whether anything of the stack runs on its pools: KAITO may make all the nodes that there are. */
export function needsPools(config: pulumi.Config): boolean {
  const hasKaito = Object.keys(objectAt(config, "kaito")).length > 0;
  const layers: readonly string[] = config.getObject<string[]>("layers") ?? Object.keys(ENGINES);
  return !hasKaito || (Object.keys(ENGINES) as EngineLayer[]).some((layer) => layers.includes(layer) && runsItself(config, layer));
}

/** Size of the nodes that KAITO is to make for a layer; the component's plan checks it. */
export function sizeAt(config: pulumi.Config, layer: EngineLayer): GpuSize | undefined {
  return config.get<GpuSize>(`${layer}Size`) || undefined;
}

/** Engines that nobody knows, and sizes that no engine reads. */
export function engineProblems(config: pulumi.Config): Problem[] {
  return (Object.keys(ENGINES) as EngineLayer[]).flatMap((layer) => [
    ...choiceProblems("AKSFT-STACK-16", `${layer}Engine`, textAt(config, `${layer}Engine`), ENGINES[layer]),
    ...unreadSize(config, layer),
  ]);
}

/** The library's own engines run on pools, whose sizes are theirs. */
function unreadSize(config: pulumi.Config, layer: EngineLayer): Problem[] {
  const size = sizeAt(config, layer);
  if (size === undefined || !runsItself(config, layer)) return [];
  const rule = `is the size of nodes that KAITO makes, and ${layer}Engine is "${ENGINES[layer][0]}"`;
  return [{ code: "AKSFT-STACK-17", path: `${layer}Size`, got: size, rule, fix: `remove it, or set ${layer}Engine to "kaito"` }];
}
