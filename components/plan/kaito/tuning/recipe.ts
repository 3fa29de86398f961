import { LINEAR_LAYERS, tunablePreset } from "../../catalogue/kaito-presets";
import type { Recipe } from "../../recipe";
import type { Problem } from "../../refuse";
import type { Quantization } from "../../sizing/memory/quantization";
import { oneOf } from "../../spelling";
import { type KaitoVersion, presetOf } from "./preset";

/** The methods of KAITO's webhook. */
const METHODS: readonly string[] = ["lora", "qlora"];
/** What bitsandbytes can store a base in, by keys of QuantizationConfig. */
export const KAITO_QUANTIZATIONS: readonly Quantization[] = ["nf4", "nf4-dq", "int8"];

/** What of a recipe KAITO's tuning program cannot do: https://github.com/kaito-project/kaito/tree/v0.12.0/presets/workspace/tuning/text-generation */
export function kaitoRecipeProblems(recipe: Recipe, version: KaitoVersion): Problem[] {
  return [
    ...methodProblems(recipe),
    ...quantizationProblems(recipe),
    ...lossProblems(recipe),
    ...lengthProblems(recipe, version),
    ...loraProblems(recipe),
  ];
}

function methodProblems({ method }: Recipe): Problem[] {
  if (method !== "dora" && method !== "full") return [];
  return [{ code: "AKSFT-KAITO-14", path: "method", got: method, rule: `is none of the methods of KAITO: ${METHODS.join(", ")}`, fix: 'use "lora"' }];
}

/** A 16-bit base belongs to lora, one of 4 or 8 bits to qlora; preparing it for training is part of qlora and of nothing else. */
function quantizationProblems({ method, quantization, kbitPreparation }: Recipe): Problem[] {
  const code = "AKSFT-KAITO-15";
  const problems: Problem[] = [];
  if (method === "qlora" && quantization !== undefined && quantization !== "none" && !KAITO_QUANTIZATIONS.includes(quantization)) {
    const rule = `is none of the bases that KAITO's qlora loads: ${KAITO_QUANTIZATIONS.join(", ")}`;
    problems.push({ code, path: "quantization", got: quantization, rule, fix: 'leave it out, or use "nf4-dq"' });
  }
  if (method === "qlora" && kbitPreparation === false) {
    const rule = "cannot be left out: KAITO's qlora raises norms, embedding and head to fp32";
    problems.push({ code, path: "kbitPreparation", got: false, rule, fix: "leave it out, or set it to true" });
  }
  if (method === "lora" && kbitPreparation === true) {
    const rule = "is done for qlora alone";
    problems.push({ code, path: "kbitPreparation", got: true, rule, fix: "leave it out" });
  }
  return problems;
}

/** The collator for language modelling is always passed, and it takes every token for a label. */
function lossProblems({ loss }: Recipe): Problem[] {
  if (loss === "all") return [];
  const rule = 'cannot be had of KAITO, whose loss counts the tokens of all turns; the default is "assistant"';
  return [{ code: "AKSFT-KAITO-16", path: "loss", got: loss, rule, fix: 'use "all", or engine "job"' }];
}

function lengthProblems({ sequenceLength, packing }: Recipe, { version, facts }: KaitoVersion): Problem[] {
  const { fixedLength } = facts.trainer;
  if (fixedLength === undefined) return [];
  const problems: Problem[] = [];
  const newer = 'or KAITO 0.12, or engine "job"';
  if (sequenceLength !== fixedLength) {
    const rule = `cannot be set with KAITO ${version}, which cuts rows to ${fixedLength} tokens`;
    problems.push({ code: "AKSFT-KAITO-17", path: "sequenceLength", got: sequenceLength, rule, fix: `use ${fixedLength}, ${newer}` });
  }
  if (packing === true) {
    const rule = `cannot be set with KAITO ${version}, whose tuning program knows no packing`;
    problems.push({ code: "AKSFT-KAITO-17", path: "packing", got: true, rule, fix: `leave it out, ${newer}` });
  }
  return problems;
}

function loraProblems(recipe: Recipe): Problem[] {
  const { alpha, targets } = recipe.lora ?? {};
  const problems: Problem[] = [];
  // PEFT's LoraConfig declares a whole number, and KAITO reads the command line by that type; not above 0 is refused already.
  if (alpha !== undefined && alpha > 0 && Number.isFinite(alpha) && !Number.isInteger(alpha)) {
    const rule = "must be a whole number, as KAITO reads it from a command line";
    problems.push({ code: "AKSFT-KAITO-18", path: "lora.alpha", got: alpha, rule, fix: `use ${Math.max(1, Math.round(alpha))}` });
  }
  const blocks = tunablePreset(presetOf(recipe) ?? "")?.blocks;
  if (blocks === undefined || !Array.isArray(targets)) return problems;
  const known = LINEAR_LAYERS[blocks];
  const unknown = (targets as readonly string[]).filter((target) => !known.includes(target));
  return [
    ...problems,
    ...unknown.map((target): Problem => {
      const rule = `is no linear layer of the preset, which has ${known.join(", ")}; PEFT skips what matches nothing`;
      return { code: "AKSFT-KAITO-19", path: "lora.targets", got: target, rule, fix: oneOf(target, known) };
    }),
  ];
}
