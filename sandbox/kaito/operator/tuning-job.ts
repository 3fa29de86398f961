import { usableLabels } from "./nodes";
import { ownerOf, type Tuning, type Workspace } from "./objects";
import { allGpus, BASE_IMAGE, credentialsVolume, placement, PLAYED, PORT, REVISION } from "./pod-parts";

const WEIGHTS = { name: "model-weights-volume", mountPath: "/workspace/weights" };
const DATA = { name: "data-volume", mountPath: "/mnt/data" };

interface JobFacts {
  readonly tuning: Tuning;
  readonly gpus: number;
  /** ConfigMap that is mounted, in the Workspace's namespace. */
  readonly config: string;
  readonly outputDirectory: string;
  readonly revision: string;
  readonly retries: number | undefined;
  /** Whether the controller knows an image as a volume. */
  readonly imageVolumes: boolean;
}

/** https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/tuning/preset_tuning.go: same name, no deadline, no way to change its pods. */
export function tuningJob(workspace: Workspace, facts: JobFacts): object {
  const { metadata } = workspace;
  const labels = { "kaito.sh/workspace": metadata.name };
  const { tuning, retries } = facts;
  const pushes = tuning.output.image !== undefined && tuning.output.volumeSource === undefined;
  const results = { name: "results-volume", mountPath: facts.outputDirectory };
  const containers = [trainer(metadata.name, facts, results), ...(pushes ? pushers(tuning, results) : [])];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels,
      annotations: { [REVISION]: facts.revision },
      ownerReferences: ownerOf("Workspace", metadata),
    },
    spec: {
      ...(retries === undefined ? {} : { backoffLimit: retries }),
      template: {
        metadata: { labels, annotations: PLAYED },
        spec: {
          ...placement(usableLabels(workspace), false),
          restartPolicy: "Never",
          ...(containers.length > 1 ? { shareProcessNamespace: true } : {}),
          initContainers: [...weights(tuning), ...dataset(tuning)],
          containers,
          ...(pushes ? { imagePullSecrets: [{ name: tuning.output.imagePushSecret ?? "" }] } : {}),
          volumes: volumes(facts, pushes),
        },
      },
    },
  };
}

function trainer(name: string, { tuning, gpus }: JobFacts, results: object) {
  const phi3 = tuning.preset?.name.toLowerCase().startsWith("phi-3") === true;
  const targets = { name: "DEFAULT_TARGET_MODULES", value: "k_proj,q_proj,v_proj,o_proj,gate_proj,down_proj,up_proj" };
  return {
    name,
    image: BASE_IMAGE,
    command: ["/bin/sh", "-c", `accelerate launch --num_processes=${String(gpus)} /workspace/tfs/fine_tuning.py`],
    ports: [{ containerPort: PORT }],
    env: [...(phi3 ? [targets] : []), { name: "PYTORCH_CUDA_ALLOC_CONF", value: "expandable_segments:True" }],
    resources: allGpus(gpus),
    volumeMounts: [{ name: "dshm", mountPath: "/dev/shm" }, WEIGHTS, { name: "config-volume", mountPath: "/mnt/config" }, results, DATA],
  };
}

function pushers({ output }: Tuning, results: object) {
  const credentials = { name: "docker-config-push", mountPath: "/root/.docker" };
  return [
    { name: "pusher", image: "ghcr.io/oras-project/oras:v1.2.2", args: [output.image ?? ""], volumeMounts: [credentials, results] },
    { name: "pause", image: "registry.k8s.io/pause:latest", imagePullPolicy: "Always" },
  ];
}

function weights({ preset }: Tuning) {
  const image = `mcr.microsoft.com/aks/kaito/kaito-${presetKey(preset?.name)}:0.2.0`;
  return [{ name: "model-weights-downloader", image: "mcr.microsoft.com/oss/v2/oras-project/oras:v1.2.3", args: ["pull", image], volumeMounts: [WEIGHTS] }];
}

function dataset({ input }: Tuning) {
  if (input.image !== undefined) return [{ name: "puller", image: "mcr.microsoft.com/aks/skopeo:1.14.4-6", args: [input.image], volumeMounts: [DATA] }];
  const urls = input.urls ?? [];
  return urls.length > 0 ? [{ name: "data-downloader", image: "curlimages/curl", env: [{ name: "DATA_URLS", value: urls.join(" ") }], volumeMounts: [DATA] }] : [];
}

function volumes({ tuning, config, imageVolumes }: JobFacts, pushes: boolean) {
  const { input, output } = tuning;
  const data = Object.entries(input.volumeSource ?? {}).filter(([kind]) => kind !== "image" || imageVolumes);
  return [
    { name: "dshm", emptyDir: { medium: "Memory" } },
    { name: WEIGHTS.name, emptyDir: {} },
    { name: "config-volume", configMap: { name: config } },
    { name: "results-volume", ...(output.volumeSource ?? { emptyDir: {} }) },
    { name: DATA.name, ...(data.length > 0 ? Object.fromEntries(data) : { emptyDir: {} }) },
    ...(pushes ? [credentialsVolume("docker-config-push", [output.imagePushSecret ?? ""])] : []),
    ...(input.imagePullSecrets?.length ? [credentialsVolume("docker-config-tuning-input", input.imagePullSecrets)] : []),
  ];
}

/** The part of a name that KAITO looks its parameters up by. */
export function presetKey(name: string | undefined): string {
  return name?.toLowerCase().split("/").at(-1) ?? "";
}

