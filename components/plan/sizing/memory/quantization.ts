/** How the frozen linear layers are stored; `nf4-dq` is NF4 with double quantisation. Embeddings, norms and output head stay as they are. */
export type Quantization = "none" | "nf4" | "nf4-dq" | "int8" | "gptq4" | "fp8" | "mxfp4";
export const QUANTIZATIONS = ["none", "nf4", "nf4-dq", "int8", "gptq4", "fp8", "mxfp4"] as const satisfies readonly Quantization[];

/** What a method has where nothing is said. */
export function impliedQuantization(method: string): Quantization {
  return method === "qlora" ? "nf4-dq" : "none";
}

/**
 * Bytes of one quantised parameter. NF4 has one fp32 scale for 64 values, double quantisation stores that in 8 bit (arXiv:2305.14314, section
 * 3); GPTQ a 16-bit scale and a 4-bit zero for 128; MXFP4 an 8-bit scale for 32.
 */
export const QUANTISED_BYTES: Readonly<Record<Exclude<Quantization, "none">, number>> = {
  nf4: (4 + 32 / 64) / 8,
  "nf4-dq": (4 + 8 / 64 + 32 / (64 * 256)) / 8,
  int8: 1,
  fp8: 1,
  gptq4: (4 + 20 / 128) / 8,
  mxfp4: (4 + 8 / 32) / 8,
};
