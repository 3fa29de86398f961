import { GPU_CARDS, type GpuCard } from "../../catalogue/gpu-cards";

/** How well the speed of a card is known: runs were published for it, for its kin, or for neither. */
export type SpeedEvidence = "measured" | "extrapolated" | "unmeasured";

/** A GPU, or a slice of one, as far as speed depends on it. */
export interface TuningGpu {
  /** What people call it. */
  readonly name: string;
  /** Dense 16-bit peak, in TFLOPS. */
  readonly tflops: number;
  /** Bandwidth of its memory, in GB per second. */
  readonly memoryGBps: number;
  /** Part of a card that it is, 1 for a whole one. */
  readonly share: number;
  /** Part of the peak that large matrix products attain on it, 0 to 1: its power does not last for more. */
  readonly attainable: number;
  /** Whether FlashAttention's kernels run on it, from compute capability 8.0 on. */
  readonly flashAttention: boolean;
  /** How well its speed is known. */
  readonly evidence: SpeedEvidence;
  /** What the evidence is, in half a sentence. */
  readonly evidenceNote: string;
}

type Speed = Pick<TuningGpu, "memoryGBps" | "attainable" | "evidence" | "evidenceNote">;

/**
 * Bandwidth of memory: NVIDIA's data sheets. Attainable: stas00/ml-engineering, compute/accelerator, "Maximum Achievable Matmul FLOPS comparison table",
 * for A100 (SXM 271 of 312 TFLOPS, PCIe 253) and H100 (SXM 795 of 989); a T4 gave about 41 of 65 within its 70 W (Jia et al., arXiv:1903.07486); the A10, which has
 * 150 W where the A10G of the same chip has 300, is a guess like it. The H200 has the chip of the H100.
 */
const SPEED: Readonly<Record<GpuCard["family"], Speed>> = {
  T4: { memoryGBps: 320, attainable: 0.63, evidence: "unmeasured", evidenceNote: "unmeasured for the T4, which computes in fp16 without FlashAttention" },
  A10: { memoryGBps: 600, attainable: 0.63, evidence: "extrapolated", evidenceNote: "extrapolated to the A10, as only the A10G was measured" },
  A100: { memoryGBps: 1935, attainable: 0.81, evidence: "measured", evidenceNote: "measured on A100s" },
  H100: { memoryGBps: 3350, attainable: 0.8, evidence: "extrapolated", evidenceNote: "extrapolated to plain Hugging Face trainers on the H100, where mostly tuned stacks were measured" },
  H200: { memoryGBps: 4800, attainable: 0.8, evidence: "extrapolated", evidenceNote: "extrapolated to the H200, which computes like the H100 with faster memory" },
};
/** Where a card differs from the others of its family. */
const OF_CARD: Readonly<Record<string, Partial<Speed>>> = {
  [GPU_CARDS.A100_40.gpuModel]: { memoryGBps: 1555, attainable: 0.87 },
  [GPU_CARDS.A100_80.gpuModel]: { memoryGBps: 2039, attainable: 0.87 },
  [GPU_CARDS.H100_NVL.gpuModel]: { memoryGBps: 3938 },
};

/**
 * What a rank computes on: the card of a size, or the part of it that `computeShare` says.
 * @param card - of `GPU_CARDS` or `GPU_SIZES`; a part that is sold as a size of its own carries its share
 * @param computeShare - part of that which one rank gets, as with the instance profiles of MIG
 */
export function tuningGpu(card: GpuCard & { readonly share?: number }, computeShare = 1): TuningGpu {
  const { memoryGBps, ...speed } = { ...SPEED[card.family], ...OF_CARD[card.gpuModel] };
  const share = (card.share ?? 1) * computeShare;
  const flashAttention = card.computeCapability >= 8;
  // The peak of a size that is a part of a card is that of the part already.
  return { name: card.gpuModel, tflops: card.tflops * computeShare, memoryGBps: memoryGBps * share, share, flashAttention, ...speed };
}
