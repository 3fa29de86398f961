import { BASE_MODELS, findBaseModel, isBaseModelName } from "../../../components/plan/catalogue/base-models";
import {
  findListedModel,
  huggingFaceIdOf,
  isGated,
  kaitoPresets,
  oldPreset,
  runsWithTransformers,
  weightFilesGiB,
} from "../../../components/plan/catalogue/kaito-served-models";
import { GIB } from "../../../components/plan/sizing/gib";
import { parameterCount } from "../../../components/plan/sizing/parameters";

describe("models that KAITO serves", () => {
  const newer = kaitoPresets("0.12");

  it("are known by their Hugging Face ids and by what 0.6 calls them", () => {
    for (const name of newer) expect(findListedModel(huggingFaceIdOf(name))).toBe(name);
    for (const name of kaitoPresets("0.6")) expect(findBaseModel(oldPreset(name)?.preset ?? "")).toBe(name);
    const names = kaitoPresets("0.6").map((name) => oldPreset(name)?.preset);
    expect(new Set(names).size).toBe(names.length);
  });

  // A repository may hold its weights twice, or a vision tower that is not counted here.
  it.each(newer.filter(isBaseModelName).filter((name) => !/^(gpt-oss|gemma-3)/.test(name)))("have the files that 16 bits a parameter make: %s", (name) => {
    const files = weightFilesGiB(name) ?? 0;
    expect((files * GIB) / (2 * parameterCount(BASE_MODELS[name]))).toBeCloseTo(1, 2);
  });

  it("fit the GPU memory that 0.6 asks for", () => {
    const short = kaitoPresets("0.6").filter((name) => isBaseModelName(name) && (oldPreset(name)?.presetGiB ?? 0) * GIB < 2 * parameterCount(BASE_MODELS[name]));
    expect(short).toEqual([]);
  });

  it("are gated where the hub asks for terms, which KAITO does not know", () => {
    expect(newer.filter(isGated)).toEqual(["Llama-3.1-8B-Instruct", "Llama-3.3-70B-Instruct", "gemma-3-4b-it", "gemma-3-27b-it"]);
  });

  it("run with transformers where that has parameters", () => {
    expect(newer.filter((name) => runsWithTransformers(name, "0.12")).length).toBe(20);
    expect(["Phi-4-mini-instruct", "Ministral-3-3B-Instruct-2512", "Qwen3.5-2B"].filter((name) => runsWithTransformers(name, "0.12"))).toEqual([]);
    expect([runsWithTransformers("Phi-4-mini-instruct", "0.6"), runsWithTransformers("gpt-oss-20b", "0.6")]).toEqual([true, false]);
  });

  it("lose whole families after 0.12", () => {
    const left = newer.filter((name) => !kaitoPresets("main").includes(name));
    expect(left).toContain("Phi-3-mini-4k-instruct");
    expect(left).toContain("Llama-3.1-8B-Instruct");
    expect(kaitoPresets("main")).toContain("phi-4");
  });
});
