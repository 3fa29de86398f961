import type { ServingPlan } from "../serving";
import { preferring } from "./node-preference";
import { RESTRICTED_CONTAINER, RESTRICTED_POD, SCRATCH } from "./pod-security";

export const SERVING_PORT = 8000;
const PORTS = [{ protocol: "TCP", port: SERVING_PORT }];
const WEIGHTS_PATH = "/weights";
const ADAPTERS_PATH = "/adapters";

/** An adapter that has a digest: its name and the image that carries it. */
export interface ReadyAdapter {
  readonly name: string;
  readonly image: string;
}

export interface ServingInputs {
  readonly image: string;
  readonly weightsImage: string;
  readonly serviceAccountName: string;
  readonly adapters: readonly ReadyAdapter[];
}

/** The server with the adapters that exist. While every declared one is still to come it has no replica, and holds no GPU. */
export function servingDeployment(plan: ServingPlan, inputs: ServingInputs) {
  const waiting = plan.adapters.length > 0 && inputs.adapters.length === 0 && !plan.serveBase;
  return {
    replicas: waiting ? 0 : plan.replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: plan.rolloutSeconds,
    // New pods first, old ones after they drain: no request fails.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: servingSelector(plan) },
    template: {
      metadata: { labels: { ...servingSelector(plan), "app.kubernetes.io/managed-by": "aks-fine-tuning" } },
      spec: servingPod(plan, inputs),
    },
  };
}

export function servingSelector(plan: ServingPlan): Record<string, string> {
  return { "app.kubernetes.io/name": plan.name, "app.kubernetes.io/component": "serving" };
}

/** Who may call the server: the pods of its clients, on its port alone. Kubernetes labels each namespace with its name. */
export function servingIngress(plan: ServingPlan) {
  const { clients } = plan;
  const named = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: clients === "any" ? [] : [...clients] }] };
  return {
    podSelector: { matchLabels: servingSelector(plan) },
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ namespaceSelector: clients === "any" ? {} : named }], ports: PORTS }],
  };
}

/** Lets the team's own pods out to the server, for a team may connect to nothing inside the cluster; undefined where they are no clients. */
export function servingEgress(plan: ServingPlan) {
  if (plan.clients !== "any" && !plan.clients.includes(plan.namespace)) return undefined;
  return {
    // Neither runs nor other servers call.
    podSelector: { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["preflight", "tuning", "serving"] }] },
    policyTypes: ["Egress"],
    egress: [{ to: [{ podSelector: { matchLabels: servingSelector(plan) } }], ports: PORTS }],
  };
}

function servingPod(plan: ServingPlan, { image, weightsImage, serviceAccountName, adapters }: ServingInputs) {
  const gpu = { [plan.gpuResource]: "1" };
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    securityContext: RESTRICTED_POD,
    nodeSelector: plan.nodeSelector,
    tolerations: [...plan.tolerations],
    ...preferring(plan.preference),
    terminationGracePeriodSeconds: 60,
    volumes: [
      { name: "weights", image: { reference: weightsImage, pullPolicy: "IfNotPresent" } },
      ...adapters.map((adapter) => ({
        name: `adapter-${adapter.name}`,
        image: { reference: adapter.image, pullPolicy: "IfNotPresent" },
      })),
      ...SCRATCH.volumes,
    ],
    containers: [
      {
        name: "server",
        image,
        imagePullPolicy: "IfNotPresent",
        args: serverArguments(plan, adapters),
        env: [...SCRATCH.environment, { name: "VLLM_NO_USAGE_STATS", value: "1" }],
        ports: [{ name: "http", containerPort: SERVING_PORT, protocol: "TCP" }],
        resources: { requests: { cpu: "500m", memory: "2Gi", ...gpu }, limits: { memory: "24Gi", ...gpu } },
        securityContext: RESTRICTED_CONTAINER,
        startupProbe: { ...HEALTH, periodSeconds: 5, failureThreshold: Math.ceil(plan.startupSeconds / 5) },
        readinessProbe: { ...HEALTH, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: { ...HEALTH, periodSeconds: 20, failureThreshold: 3 },
        // Endpoints forget a pod a moment after it is told to stop; until then it goes on answering.
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
        volumeMounts: [
          { name: "weights", mountPath: WEIGHTS_PATH, readOnly: true },
          ...adapters.map(({ name }) => ({
            name: `adapter-${name}`,
            mountPath: `${ADAPTERS_PATH}/${name}`,
            readOnly: true,
          })),
          ...SCRATCH.mounts,
        ],
      },
    ],
  };
}

const HEALTH = { httpGet: { path: "/health", port: SERVING_PORT }, timeoutSeconds: 5 };

/** Arguments of `vllm serve`: https://docs.vllm.ai/en/latest/configuration/serve_args.html */
function serverArguments(plan: ServingPlan, adapters: readonly ReadyAdapter[]): string[] {
  const server = [`${WEIGHTS_PATH}/data`, "--served-model-name", plan.modelName, "--port", String(SERVING_PORT)];
  const memory = plan.gpuMemoryUtilization === undefined ? [] : ["--gpu-memory-utilization", String(plan.gpuMemoryUtilization)];
  const limits = ["--max-model-len", String(plan.maxModelLength), "--dtype", plan.dtype, ...memory];
  if (adapters.length === 0) return [...server, ...limits];
  const modules = adapters.map(({ name }) => `${name}=${ADAPTERS_PATH}/${name}/data`);
  const lora = ["--enable-lora", "--max-lora-rank", String(plan.maxLoraRank), "--max-loras", String(adapters.length)];
  return [...server, ...limits, ...lora, "--lora-modules", ...modules];
}
