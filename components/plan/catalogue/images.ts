/**
 * Images that others publish, where an environment does not name its own by digest.
 * Tags of November 2026 or earlier; a tag can move, so the report names each of these as unpinned until the environment pins it.
 */
export const IMAGES = {
  /** https://github.com/vllm-project/vllm */
  server: "docker.io/vllm/vllm-openai:v0.25.1",
  /** https://github.com/NVIDIA/k8s-device-plugin */
  devicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4",
  /** https://github.com/NVIDIA/dcgm-exporter */
  metricsExporter: "nvcr.io/nvidia/k8s/dcgm-exporter:4.2.3-4.1.3-ubuntu22.04",
} as const;
