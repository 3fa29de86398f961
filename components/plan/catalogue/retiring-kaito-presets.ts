/**
 * KAITO's presets that the release after 0.12.0 no longer has, by the beginning of their names: kaito-project/kaito#2356, merged September 2026.
 * Of the presets that can be tuned, phi-4 and phi-4-mini-instruct stay.
 */
const RETIRING = ["phi-3", "qwen2.5-coder-", "llama-3.1-", "llama-3.3-", "mistral-7b", "gemma-3-"];

/** Whether KAITO retires a preset, named by its key or by its Hugging Face id. */
export function isRetiringKaitoPreset(name: string): boolean {
  const key = name.toLowerCase().split("/").at(-1) ?? "";
  return RETIRING.some((beginning) => key.startsWith(beginning));
}
