import { parse } from "yaml";
import { huggingFaceIdOf, kaitoPresets, weightFilesGiB } from "../../../components/plan/catalogue/kaito-served-models";
import type { PlayedVersion } from "../../../sandbox/kaito/versions";
import type { ApiServer } from "../api-server";

/** A Workspace or InferenceSet as somebody wrote it. */
interface Written {
  readonly metadata: { readonly namespace: string };
  readonly resource?: Resource;
  readonly tuning?: { readonly method: string; readonly config?: string };
  readonly inference?: Inference;
  readonly spec?: { readonly labelSelector: Selector; readonly template: { readonly resource?: Resource; readonly inference: Inference } };
}

interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
}

interface Resource {
  readonly count?: number;
  readonly instanceType?: string;
  readonly labelSelector?: Selector;
}

interface Inference {
  readonly preset: { readonly name: string };
  readonly config?: string;
}

interface Node {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const SECTIONS = ["ModelConfig", "QuantizationConfig", "LoraConfig", "TrainingArguments", "DatasetConfig", "DataCollator"];

/**
 * What KAITO's webhook refuses of a new object by what it looks up in the cluster, which no policy can: ConfigMaps, and nodes of one's own.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go, tuning_config_validation.go, inference_config_validation.go
 */
export async function refusedByLookingUp(server: ApiServer, version: PlayedVersion, object: object): Promise<readonly string[]> {
  const { metadata, resource, tuning, inference, spec } = object as Written;
  const serving = inference ?? spec?.template.inference;
  const configuration = async (name: string, key: string): Promise<unknown> => {
    const path = `/api/v1/namespaces/${metadata.namespace}/configmaps/${name}`;
    const { data } = await server.get<{ readonly data: Readonly<Record<string, string>> }>(path);
    return parse(data[key] ?? "");
  };
  const problems: string[] = [];
  if (tuning?.config !== undefined) problems.push(...trainingProblems(tuning.method, await configuration(tuning.config, "training_config.yaml")));
  if (serving) {
    const given = serving.config === undefined ? undefined : await configuration(serving.config, "inference_config.yaml");
    problems.push(...lengthProblems(version, resource, given));
    const own = { ...resource, ...spec?.template.resource };
    const selector = spec?.labelSelector ?? resource?.labelSelector;
    if (own.instanceType === undefined && selector) problems.push(...(await nodeProblems(server, selector, serving.preset.name)));
  }
  return problems;
}

function trainingProblems(method: string, configuration: unknown): readonly string[] {
  const { training_config: sections } = configuration as { readonly training_config?: Sections };
  if (!sections) return ["training_config is missing"];
  const unknown = Object.keys(sections).filter((name) => !SECTIONS.includes(name));
  const { load_in_4bit: four = false, load_in_8bit: eight = false } = sections["QuantizationConfig"] ?? {};
  const quantised = four === true || eight === true;
  const folder = sections["TrainingArguments"]?.["output_dir"] ?? "/mnt/results";
  return [
    ...unknown.map((name) => `section ${name} is not known`),
    ...(quantised === (method.toLowerCase() === "qlora") ? [] : [`${method} with a base of ${quantised ? "4 or 8" : "16"} bits`]),
    ...(typeof folder === "string" && /^\/mnt\/./.test(folder) ? [] : ["output_dir is not below /mnt"]),
  ];
}

/** Up to 0.6 and some time after it, of several nodes. */
function lengthProblems(version: PlayedVersion, resource: Resource | undefined, configuration: unknown): readonly string[] {
  const { vllm } = (configuration ?? { vllm: {} }) as { readonly vllm?: Readonly<Record<string, unknown>> };
  if (vllm === undefined) return ["vllm is missing"];
  return version === "0.6" && (resource?.count ?? 1) > 1 && vllm["max-model-len"] === undefined ? ["max-model-len is required"] : [];
}

async function nodeProblems(server: ApiServer, { matchLabels }: Selector, preset: string): Promise<readonly string[]> {
  const selector = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`).join(",");
  const { items } = await server.get<{ readonly items: readonly Node[] }>(`/api/v1/nodes?labelSelector=${encodeURIComponent(selector)}`);
  const gpus = items.map(({ metadata: { labels = {} } }) => ["product", "count", "memory"].map((part) => labels[`nvidia.com/gpu.${part}`]));
  if (gpus.length === 0) return ["no nodes found"];
  if (gpus.some((labels) => labels.includes(undefined)) || new Set(gpus.map(String)).size > 1) return ["nodes lack labels, or differ"];
  const memoryGiB = gpus.reduce((sum, [, count, mebibytes]) => sum + (Number(count) * Number(mebibytes)) / 1024, 0);
  const model = kaitoPresets("0.12").find((name) => huggingFaceIdOf(name) === preset);
  const weightsGiB = model && weightFilesGiB(model);
  if (weightsGiB === undefined) throw new Error(`no size is known of ${preset}`);
  return memoryGiB < weightsGiB ? [`${memoryGiB} GiB hold no ${weightsGiB} GiB`] : [];
}
