/** NVIDIA cards in Azure's sizes. */
export interface GpuCard {
  /** Name as NVIDIA sells it. */
  readonly gpuModel: string;
  /** Generation and class of the card, by which sizes are chosen. */
  readonly family: "T4" | "A10" | "A100" | "H100" | "H200";
  /** Memory on the label, in the label's own unit. */
  readonly nominalGB: number;
  /** Memory that a process can use on one GPU, in GiB: less than the label, as the driver keeps a part. */
  readonly memoryGiB: number;
  /** Whether `memoryGiB` was read on such a card; else it is 0.9 of the label, below every reading of the others. */
  readonly memoryMeasured: boolean;
  /** What the card can do in CUDA's terms: 7.5 for Turing, 8.0 and 8.6 for Ampere, 9.0 for Hopper. */
  readonly computeCapability: number;
  /** Whether the card computes in bf16; one that does not trains in fp16. */
  readonly bf16: boolean;
  /** Dense 16-bit peak of one GPU from NVIDIA's data sheet, in TFLOPS. */
  readonly tflops: number;
  /**
   * Names of the slices by GPU instance profile, as they appear in resource names; absent where AKS cannot partition the card.
   * https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
   */
  readonly slices?: Readonly<Record<GpuInstanceProfile, string>>;
}

/** How AKS partitions the GPUs of a pool: https://learn.microsoft.com/azure/aks/gpu-multi-instance#gpu-instance-profiles */
export const GPU_INSTANCE_PROFILES = {
  MIG1g: { slices: 7, memory: 1 / 8, compute: 1 / 7 },
  MIG2g: { slices: 3, memory: 2 / 8, compute: 2 / 7 },
  MIG3g: { slices: 2, memory: 4 / 8, compute: 3 / 7 },
  MIG4g: { slices: 1, memory: 4 / 8, compute: 4 / 7 },
  MIG7g: { slices: 1, memory: 1, compute: 1 },
} as const;

/**
 * Into how many parts a GPU is cut: seven ("MIG1g"), three ("MIG2g"), two ("MIG3g"), or one that leaves compute unused ("MIG4g") or not ("MIG7g").
 * @useDeclaredType
 */
export type GpuInstanceProfile = keyof typeof GPU_INSTANCE_PROFILES;

/** Slices of a card by the GB of its profiles of one, two, three or four, and seven parts. */
function slices(one: number, two: number, half: number, whole: number): Record<GpuInstanceProfile, string> {
  return { MIG1g: `1g.${one}gb`, MIG2g: `2g.${two}gb`, MIG3g: `3g.${half}gb`, MIG4g: `4g.${half}gb`, MIG7g: `7g.${whole}gb` };
}

/** Memory of cards on which nobody published a reading. */
const unmeasured = (nominalGB: number) => ({ nominalGB, memoryGiB: 0.9 * nominalGB, memoryMeasured: false });
const measured = (nominalGB: number, memoryGiB: number) => ({ nominalGB, memoryGiB, memoryMeasured: true });

const TURING = { computeCapability: 7.5, bf16: false };
const GRAPHICS_AMPERE = { computeCapability: 8.6, bf16: true };
const AMPERE = { computeCapability: 8.0, bf16: true };
const HOPPER = { computeCapability: 9.0, bf16: true };

/**
 * Memory: readings of `torch.cuda.mem_get_info` on the same cards (edumunozsala/llama-2-7B-4bit-python-coder#1, zai-org/CogVLM#236,
 * ali-vilab/VACE#56, vllm-project/vllm#27508). Compute capability: https://developer.nvidia.com/cuda-gpus
 */
export const GPU_CARDS = {
  T4: { gpuModel: "Tesla T4", family: "T4", ...measured(16, 14.75), ...TURING, tflops: 65 },
  A10: { gpuModel: "A10", family: "A10", ...measured(24, 21.99), ...GRAPHICS_AMPERE, tflops: 125 },
  A100_PCIE: { gpuModel: "A100 80GB PCIe", family: "A100", ...measured(80, 79.25), ...AMPERE, tflops: 312, slices: slices(10, 20, 40, 80) },
  A100_40: { gpuModel: "A100 40GB SXM", family: "A100", ...measured(40, 39.38), ...AMPERE, tflops: 312, slices: slices(5, 10, 20, 40) },
  A100_80: { gpuModel: "A100 80GB SXM", family: "A100", ...measured(80, 79.25), ...AMPERE, tflops: 312, slices: slices(10, 20, 40, 80) },
  H100_NVL: { gpuModel: "H100 NVL 94GB", family: "H100", ...measured(94, 93), ...HOPPER, tflops: 835, slices: slices(12, 24, 47, 94) },
  H100_SXM: { gpuModel: "H100 80GB SXM", family: "H100", ...measured(80, 79.11), ...HOPPER, tflops: 989, slices: slices(10, 20, 40, 80) },
  H200: { gpuModel: "H200 141GB SXM", family: "H200", ...unmeasured(141), ...HOPPER, tflops: 989, slices: slices(18, 35, 71, 141) },
} as const satisfies Record<string, GpuCard>;

/** Every kind of slice, by the name that it has in resources. */
export const SLICE_NAMES: readonly string[] = [
  ...new Set(Object.values<GpuCard>(GPU_CARDS).flatMap((card) => (card.slices ? Object.values(card.slices) : []))),
];

/** A part of an A10 that Azure's hypervisor hands out as a GPU of its own. */
export function a10Share(parts: 2 | 3 | 6): GpuCard & { readonly share: number } {
  const { tflops, nominalGB } = GPU_CARDS.A10;
  return { ...GPU_CARDS.A10, gpuModel: "A10 (vGPU slice)", ...unmeasured(nominalGB / parts), tflops: tflops / parts, share: 1 / parts };
}
