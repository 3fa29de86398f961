import type { KubernetesClient } from "../../cluster/client";
import { adapterImage } from "./adapter-image";
import { endedPod, jobNameOf } from "./decide-pod";
import { type ConfigMap, pathOf, type Pod, type Tuning, type Workspace } from "./objects";
import { credentialsProblem, hasManifest, isOfTheSandbox, parseReference, pushImage } from "./registry";
import type { KnownSettings } from "./settings";
import { trainingConfig } from "./tuning-config";

/** How a tuning pod ends. */
type Ending = { readonly failure?: { readonly container: string; readonly message: string } } | "never";

/** The status of a tuning pod whose time is over; nothing while it waits for what never comes. */
export async function endOfTraining(client: KubernetesClient, pod: Pod, workspace: Workspace, failedBefore: number, settings: KnownSettings, now: number): Promise<object | undefined> {
  const ending = await ended(client, pod, workspace, failedBefore, settings);
  return ending === "never" ? undefined : endedPod(pod, ending.failure, now);
}

async function ended(client: KubernetesClient, pod: Pod, workspace: Workspace, failedBefore: number, settings: KnownSettings): Promise<Ending> {
  const { tuning, metadata } = workspace;
  const trainer = jobNameOf(pod) ?? metadata.name;
  if (!tuning) return {};
  if (hasNoData(pod, tuning)) return { failure: { container: trainer, message: "No dataset found in /mnt/data" } };
  const unread = await inputProblem(client, tuning, metadata.namespace);
  if (unread !== undefined) return { failure: { container: trainer, message: `puller: ${unread}` } };
  if (failedBefore < settings.failedTuningPods) return { failure: { container: trainer, message: "the sandbox was told to let this pod fail (failedTuningPods)" } };
  if (tuning.output.volumeSource !== undefined || tuning.output.image === undefined) return {};
  const { pushedFrom, rank } = await configOf(client, tuning, metadata.namespace);
  if (pushedFrom === undefined) return "never";
  const message = await pushed(client, tuning, metadata.namespace, { preset: tuning.preset?.name ?? "", rank, seed: pod.metadata.uid });
  return message === undefined ? {} : { failure: { container: "pusher", message } };
}

async function configOf(client: KubernetesClient, { config = "", method = "" }: Tuning, namespace: string) {
  const name = config === "" ? `${method}-params-template` : config;
  return trainingConfig((await client.find<ConfigMap>(pathOf("ConfigMap", { name, namespace }))) ?? {});
}

interface Secret {
  readonly data?: Readonly<Record<string, string>>;
}

/** A volume that the controller did not know is an empty one, and nothing is loaded into it. */
function hasNoData({ spec }: Pod, { input }: Tuning): boolean {
  const empty = spec.volumes?.some(({ name, emptyDir }) => name === "data-volume" && emptyDir !== undefined) ?? false;
  return input.volumeSource !== undefined && input.volumeSource["emptyDir"] === undefined && empty;
}

/** What keeps the dataset's image from being pulled; of registries that are not the sandbox's, nothing is known. */
async function inputProblem(client: KubernetesClient, { input }: Tuning, namespace: string): Promise<string | undefined> {
  const image = input.image ?? mountedImage(input.volumeSource);
  const reference = image === undefined ? undefined : parseReference(image);
  if (!reference || !isOfTheSandbox(reference.host)) return undefined;
  for (const name of input.imagePullSecrets ?? []) {
    const problem = credentialsProblem(await client.find<Secret>(pathOf("Secret", { name, namespace })), name, reference.host);
    if (problem !== undefined) return problem;
  }
  return (await hasManifest(reference).catch(() => false)) ? undefined : `${image ?? ""}: manifest unknown`;
}

function mountedImage(volume: Tuning["input"]["volumeSource"]): string | undefined {
  const image = volume?.["image"];
  return typeof image === "object" && image !== null && "reference" in image ? String(image.reference) : undefined;
}

/** Pushes what KAITO would; what keeps it from it is said as its pusher would say it. */
async function pushed(client: KubernetesClient, { output }: Tuning, namespace: string, facts: Parameters<typeof adapterImage>[0]): Promise<string | undefined> {
  const reference = parseReference(output.image ?? "");
  if (!reference) return `${output.image ?? ""} is no reference`;
  const name = output.imagePushSecret ?? "";
  const problem = credentialsProblem(await client.find<Secret>(pathOf("Secret", { name, namespace })), name, reference.host);
  if (problem !== undefined) return problem;
  if (!isOfTheSandbox(reference.host)) return `${reference.host} is no registry of the sandbox, so nothing is pushed to it`;
  try {
    await pushImage(reference, adapterImage(facts));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
