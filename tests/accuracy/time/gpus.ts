import { GPU_CARDS } from "../../../components/plan/catalogue/gpu-cards";
import { tuningGpu, type TuningGpu } from "../../../components/plan/sizing/speed/gpu";
import type { Interconnect } from "../../../components/plan/sizing/speed/interconnect";

/** A card that Azure does not offer, from NVIDIA's data sheet: dense 16-bit TFLOPS with 32-bit sums, and GB per second. */
function card(name: string, tflops: number, memoryGBps: number, attainable = 0.8): TuningGpu {
  return { name, tflops, memoryGBps, share: 1, attainable, flashAttention: true, evidence: "measured", evidenceNote: `measured on ${name}s` };
}

/** Cards of published runs, by the names in the file. */
export const BENCHMARK_GPUS: Readonly<Record<string, TuningGpu>> = {
  "A100 80GB": tuningGpu(GPU_CARDS.A100_80),
  "A100 40GB": tuningGpu(GPU_CARDS.A100_40),
  "H100 80GB": tuningGpu(GPU_CARDS.H100_SXM),
  T4: tuningGpu(GPU_CARDS.T4),
  // It runs above the clock of its data sheet.
  // https://images.nvidia.com/aem-dam/Solutions/geforce/ada/nvidia-ada-gpu-architecture.pdf
  "RTX 4090": card("RTX 4090", 165, 1008, 1),
  "A6000 Ada 48GB": card("RTX 6000 Ada", 364, 960),
  // https://www.nvidia.com/content/PDF/nvidia-ampere-ga-102-gpu-architecture-whitepaper-v2.pdf
  A6000: card("RTX A6000", 155, 768),
  "A5000 24GB": card("RTX A5000", 111, 768),
  // https://d1.awsstatic.com/product-marketing/ec2/NVIDIA_AWS_A10G_DataSheet_FINAL_02_17_2022.pdf
  A10G: card("A10G", 70, 600),
};

/** Links of published runs, by the names in the file, in GB per second that NCCL attains. */
export const BENCHMARK_LINKS: Readonly<Record<string, Interconnect>> = {
  nvswitch: { insideGBps: 240, betweenGBps: 0, hostGBps: 25 },
  "nvswitch+infiniband": { insideGBps: 360, betweenGBps: 320, hostGBps: 50 },
  pcie: { insideGBps: 13, betweenGBps: 0, hostGBps: 25 },
};
