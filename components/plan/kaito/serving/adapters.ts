import { type DrivenKaitoVersion, KAITO_VERSION_FACTS } from "../../catalogue/kaito-versions";
import { parseImageReference } from "../../image-reference";
import { nameProblems } from "../../names";
import type { Problem } from "../../refuse";
import { adapterContentProblems, type DeclaredAdapter } from "../../serving/adapters";
import type { KaitoModel } from "./model";

/** An adapter as KAITO is to serve it. */
export interface KaitoDeclaredAdapter extends DeclaredAdapter {
  /** Weight in the blend that the transformers runtime makes of adapters. */
  readonly strength?: number;
  /** Its image where that is known at once. */
  readonly image?: string;
  /** Repository that its Secret pulls from, with the registry in front, where both are known at once and the Secret is no existing one. */
  readonly repository?: string;
}

/**
 * The name is in that of a volume of at most 63 characters, `docker-config-NAME-inference-adapter`, and of a container; neither is checked before the pod:
 * https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/manifests/manifests.go
 */
const LONGEST_NAME = 31;

/** What engine decides about adapters. */
export interface AdapterSetting {
  readonly model: KaitoModel;
  /** Undefined where the model is faulty: then nothing is compared with it. */
  readonly modelName: string | undefined;
  readonly runtime: "vllm" | "transformers";
  readonly version: DrivenKaitoVersion;
}

export function kaitoAdapterProblems(adapters: readonly KaitoDeclaredAdapter[], setting: AdapterSetting): Problem[] {
  const { model, modelName, runtime, version } = setting;
  return [
    ...countProblems(adapters, KAITO_VERSION_FACTS[version].mostAdapters),
    ...(runtime === "vllm" && model.disallowsLora && adapters.length > 0 ? [noLora(model)] : []),
    ...adapters.flatMap((adapter, index) => [
      ...adapterNameProblems(`adapters[${index}].name`, adapter.name),
      ...adapterContentProblems(adapter, index, adapters, modelName),
      ...strengthProblems(`adapters[${index}].strength`, adapter.strength, runtime),
      ...(adapter.image === undefined ? [] : adapterImageProblems(index, adapter.image, adapter.repository)),
    ]),
  ];
}

function countProblems(adapters: readonly KaitoDeclaredAdapter[], most: number): Problem[] {
  if (adapters.length <= most) return [];
  const rule = `must be at most ${most} adapters`;
  return [{ code: "AKSFT-KAITO-47", path: "adapters", got: adapters.length, rule, fix: `remove ${adapters.length - most}, or make a second service` }];
}

function noLora({ name }: KaitoModel): Problem {
  const rule = "vLLM takes no adapters for this model";
  return { code: "AKSFT-KAITO-45", path: "adapters", got: name, rule, fix: 'serve it without adapters, or with runtime "transformers"' };
}

function adapterNameProblems(path: string, name: string): Problem[] {
  if (name.length <= LONGEST_NAME) return nameProblems("workload", path, name);
  const shorter = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, LONGEST_NAME).replace(/^-+|-+$/g, "");
  const rule = `must be at most ${LONGEST_NAME} lower-case letters, digits and hyphens, as KAITO names a volume and a container after it; has ${name.length} characters`;
  return [{ code: "AKSFT-KAITO-46", path, got: name, rule, fix: `use for example "${shorter}"` }];
}

function strengthProblems(path: string, strength: number | undefined, runtime: AdapterSetting["runtime"]): Problem[] {
  if (strength === undefined) return [];
  const problems: Problem[] = [];
  if (!(strength >= 0 && strength <= 1)) {
    const fix = `use ${strength > 1 ? 1 : 0}`;
    problems.push({ code: "AKSFT-KAITO-48", path, got: strength, rule: "must be from 0 to 1", fix });
  }
  if (runtime === "vllm") {
    const rule = "is a weight in the transformers runtime's blend; vLLM serves each adapter by itself";
    problems.push({ code: "AKSFT-KAITO-48", path, got: strength, rule, fix: 'remove it, or use runtime "transformers"' });
  }
  return problems;
}

/**
 * Faults of an adapter's image, which may be known only when it resolves. `repository` is the one that its Secret pulls from, with the registry in front;
 * undefined where the Secret is an existing one, or it is not known.
 */
export function adapterImageProblems(index: number, image: string, repository: string | undefined): Problem[] {
  const path = `adapters[${index}].image`;
  const parsed = parseImageReference(image);
  if (parsed?.digest === undefined) {
    const rule = "names no digest, and KAITO does not look again at a tag that has moved";
    return [{ code: "AKSFT-KAITO-49", path, got: image, rule, fix: "give it by digest, as a TuningJob's adapter has it" }];
  }
  if (repository === undefined || `${parsed.registry}/${parsed.repository}` === repository) return [];
  const rule = `is in another repository than the Secret made for it pulls from, ${repository}`;
  return [{ code: "AKSFT-KAITO-49", path, got: image, rule, fix: "give the adapter's pullSecret, a Secret of the namespace that pulls from there" }];
}
