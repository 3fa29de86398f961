import type { CustomResourceDefinition } from "../../schema";
import { PLAYED_FACTS, type PlayedVersion } from "../versions";
import { inferenceSetDefinition } from "./inference-set";
import { NODE_CLAIM_DEFINITION } from "./node-claim";
import { workspaceDefinition } from "./workspace";

/**
 * KAITO's kinds, stored in our words. What they do not list, the API server drops with a warning, or refuses under strict checking, as on Azure.
 * RAGEngine, ModelMirror and MultiRoleInference are not among them.
 */
export interface KaitoDefinitions {
  /** In the chart's folder `templates`, so they go with the release. */
  readonly templates: readonly CustomResourceDefinition[];
  /** In the chart's folder `crds`: Helm makes them where they are missing and never touches them again. */
  readonly crds: readonly CustomResourceDefinition[];
}

export function kaitoDefinitions(version: PlayedVersion): KaitoDefinitions {
  const sets = PLAYED_FACTS[version].inferenceSets ? [inferenceSetDefinition(version)] : [];
  return { templates: [workspaceDefinition(version), ...sets], crds: [NODE_CLAIM_DEFINITION] };
}
