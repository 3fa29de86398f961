import { BASE_MODELS, licenceNotice } from "../../components";

describe("licenceNotice", () => {
  it.each([
    ["Llama-3.1-8B-Instruct", "Llama-3.1-8B-Instruct is under the licence llama3.1, and gated: read the terms at https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct"],
    ["google/gemma-2-2b-it", "gemma-2-2b-it is under the licence gemma, and gated: read the terms at https://huggingface.co/google/gemma-2-2b-it"],
    ["Qwen2.5-3B-Instruct", "Qwen2.5-3B-Instruct is under the licence qwen-research: read the terms at https://huggingface.co/Qwen/Qwen2.5-3B-Instruct"],
    ["chatglm3-6b", "chatglm3-6b is under a licence of its own: read the terms at https://huggingface.co/THUDM/chatglm3-6b"],
  ])("of %s", (name, notice) => {
    expect(licenceNotice(name)).toBe(notice);
  });

  it("is none of models under MIT and Apache 2.0, and only of those", () => {
    const silent = Object.values(BASE_MODELS).filter(({ name }) => licenceNotice(name) === undefined);
    expect([...new Set(silent.map(({ licence }) => licence))].sort()).toEqual(["apache-2.0", "mit"]);
    expect(silent).toHaveLength(Object.values(BASE_MODELS).filter(({ licence }) => ["mit", "apache-2.0"].includes(licence)).length);
  });

  it("is none of a model that nobody listed", () => {
    expect(licenceNotice("mine")).toBeUndefined();
  });
});
