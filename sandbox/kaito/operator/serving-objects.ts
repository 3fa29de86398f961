import type { Installed } from "./installed";
import { markOf, usableLabels } from "./nodes";
import { type Inference, type Labels, ownerOf, type Server, type Workspace } from "./objects";
import { allGpus, BASE_IMAGE, credentialsVolume, placement, PLAYED, PORT, REVISION } from "./pod-parts";

const CREATED_BY = "inferenceset.kaito.sh/created-by";

export interface ServingFacts {
  readonly gpus: number;
  readonly nodes: number;
  readonly revision: string;
}

/** Labels of the pods, by which services find them. */
export function servingLabels({ metadata }: Workspace): Labels {
  const parent = metadata.labels?.[CREATED_BY];
  return { "kaito.sh/workspace": metadata.name, ...(parent === undefined ? {} : { [CREATED_BY]: parent }) };
}

/** Port 80 of pod 0, and all pods by name: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/manifests/manifests.go */
export function services({ metadata }: Workspace): readonly object[] {
  const { name, namespace, annotations } = metadata;
  const selector = { "kaito.sh/workspace": name };
  const service = (serviceName: string, spec: object) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: serviceName, namespace, ownerReferences: ownerOf("Workspace", metadata) },
    spec: { ...spec, publishNotReadyAddresses: true },
  });
  const ports = [
    { name: "http", protocol: "TCP", port: 80, targetPort: PORT },
    { name: "ray", protocol: "TCP", port: 6379, targetPort: 6379 },
    { name: "dashboard", protocol: "TCP", port: 8265, targetPort: 8265 },
  ];
  const type = annotations?.["kaito.sh/enablelb"] === "True" ? "LoadBalancer" : "ClusterIP";
  return [
    service(name, { type, ports, selector: { ...selector, "statefulset.kubernetes.io/pod-name": `${name}-0` } }),
    service(`${name}-headless`, { clusterIP: "None", selector }),
  ];
}

/** A StatefulSet; the Deployment that it was before 0.8. */
export function server(workspace: Workspace, how: Installed, facts: ServingFacts): object {
  const { name, namespace } = workspace.metadata;
  const labels = servingLabels(workspace);
  const old = how.version === "0.6";
  const metadata = { name, namespace, annotations: { [REVISION]: facts.revision }, ownerReferences: ownerOf("Workspace", workspace.metadata) };
  const template = podTemplate(workspace, how, facts);
  const common = { replicas: facts.nodes, selector: { matchLabels: labels }, template };
  if (old) return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: common };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: { ...common, serviceName: `${name}-headless`, podManagementPolicy: "Parallel" },
  };
}

/** All that KAITO changes of a server that runs, when the Workspace changes: neither its command nor its pull secrets. */
export function serverPatch(running: Server, workspace: Workspace, how: Installed, facts: ServingFacts): object {
  const { initContainers, volumes, containers: wanted } = podTemplate(workspace, how, facts).spec;
  // A patch of a list is the whole list, and what a container mounts must be among the volumes.
  const containers = running.spec.template.spec.containers.map((container, index) => ({ ...container, ...mountsOf(wanted[index]) }));
  return { metadata: { annotations: { [REVISION]: facts.revision } }, spec: { template: { spec: { initContainers, containers, volumes } } } };
}

function mountsOf(container: object | undefined): object {
  return container && "volumeMounts" in container ? { volumeMounts: container.volumeMounts } : {};
}

function podTemplate(workspace: Workspace, how: Installed, facts: ServingFacts) {
  const { inference } = workspace;
  const labels = servingLabels(workspace);
  const place = placement({ ...usableLabels(workspace), ...markOf(workspace, how) }, true);
  const own = inference?.template;
  if (own) {
    const metadata = { labels: { ...own.metadata?.labels, ...labels }, annotations: PLAYED };
    return { metadata, spec: { initContainers: [], volumes: [], containers: [], ...own.spec, ...place } };
  }
  return { metadata: { labels, annotations: PLAYED }, spec: { ...place, ...presetPod(workspace.metadata.name, inference ?? {}, facts) } };
}

function presetPod(name: string, { preset, config, adapters = [] }: Inference, { gpus }: ServingFacts) {
  const sources = adapters.flatMap(({ source }) => (source ? [source] : []));
  const images = sources.filter(({ image }) => image !== undefined);
  const enableLora = adapters.length > 0 ? " --enable-lora" : "";
  const mounts = sources.map(({ name: adapter = "" }) => ({ name: `adapter-${adapter}`, mountPath: `/mnt/adapter/${adapter}` }));
  const configMounts = config === undefined ? [] : [{ name: "config-volume", mountPath: "/mnt/config" }];
  return {
    containers: [
      {
        name,
        image: BASE_IMAGE,
        command: ["/bin/sh", "-c", `python3 /workspace/vllm/inference_api.py --model=${preset?.name ?? ""}${enableLora}`],
        ports: [{ containerPort: PORT, protocol: "TCP" }],
        readinessProbe: { httpGet: { path: "/health", port: PORT } },
        resources: allGpus(gpus),
        volumeMounts: [{ name: "dshm", mountPath: "/dev/shm" }, ...configMounts, ...mounts],
      },
    ],
    initContainers: images.map(({ name: adapter = "", image = "" }) => ({
      name: `puller-${adapter}`,
      image: "mcr.microsoft.com/aks/skopeo:1.14.4-6",
      args: [image],
      volumeMounts: [{ name: `adapter-${adapter}`, mountPath: `/mnt/adapter/${adapter}` }],
    })),
    volumes: [
      { name: "dshm", emptyDir: { medium: "Memory" } },
      ...(config === undefined ? [] : [{ name: "config-volume", configMap: { name: config } }]),
      ...sources.map(({ name: adapter = "", volumeSource }) => ({ name: `adapter-${adapter}`, ...(volumeSource ?? { emptyDir: {} }) })),
      ...images
        .filter(({ imagePullSecrets = [] }) => imagePullSecrets.length > 0)
        .map(({ name: adapter = "", imagePullSecrets = [] }) => credentialsVolume(`docker-config-${adapter}-inference-adapter`, imagePullSecrets)),
    ],
    imagePullSecrets: [...new Set(images.flatMap(({ imagePullSecrets = [] }) => imagePullSecrets))].map((secret) => ({ name: secret })),
  };
}
