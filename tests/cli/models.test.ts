import { models } from "../../cli/models";

const lines = (...args: readonly string[]): readonly string[] => models(args).split("\n");

describe("aks-fine-tuning models", () => {
  it("prints every model on a line, those without dimensions at the end", () => {
    const all = lines();
    const end = all.indexOf("Listed without dimensions: size these by their config.json, with size --config");
    expect(all.slice(1, end - 1)).toHaveLength(75);
    expect(all.slice(end + 2, -3)).toHaveLength(41);
    expect(all.slice(-2)).toEqual(["116 models; ?: whether it is gated was not verified", ""]);
    expect(all.filter((line) => line.length > 100)).toEqual([]);
  });

  it("prints one family, whatever the letter case, and what is known of each", () => {
    expect(lines("--family", "yi")).toEqual([
      "Model   Params B  16-bit GiB  Context  Gated  Licence",
      "Yi-6B        6.1        11.3       4k  no     apache-2.0",
      "Yi-34B      34.4        64.1       4k  no     apache-2.0",
      "",
      "2 models",
      "",
    ]);
  });

  it("tells of a family that is listed without dimensions alone", () => {
    expect(lines("--family", "Granite")).toEqual([
      "Listed without dimensions: size these by their config.json, with size --config",
      "Model           Files GiB  Context  Licence",
      "granite-4.1-8b       16.4     128k  apache-2.0",
      "",
      "1 model",
      "",
    ]);
  });

  it("takes both filters together, and says when nothing is left", () => {
    expect(models(["--licence", "MIT", "--family", "Phi"]).match(/^(?:Phi|phi)-.* mit$/gm)).toHaveLength(9);
    expect(models(["--licence", "mit", "--family", "Gemma"])).toBe("No model has both\n");
  });

  it("prints JSON for scripts, with ids, other names and notes", () => {
    const { models: sized, withoutDimensions } = JSON.parse(models(["--family", "gpt-oss", "--json"])) as Record<string, readonly object[]>;
    expect(sized?.[0]).toMatchObject({ name: "gpt-oss-20b", huggingFaceId: "openai/gpt-oss-20b", parametersB: 20.908, activeParametersB: 4.186, weightsGiB: 38.944, gated: false });
    expect(withoutDimensions).toEqual([]);
    expect(JSON.parse(models(["--family", "Kimi", "--json"]))).toMatchObject({ models: [], withoutDimensions: [{ name: "Kimi-K2.5", fileGiB: 554.32 }, {}, {}] });
  });

  it.each([
    [["--family", "llam"], /^--family llam: did you mean "Llama"\?$/],
    [["--family", "toString"], /^--family toString: use one of Baichuan, DeepSeek, /],
    [["--licence", "llama4"], /^--licence llama4: did you mean "llama2"\?$/],
    [["--licence", "none"], /^--licence none: use one of apache-2\.0, /],
  ])("refuses %j with a way out", (args, message) => {
    expect(() => models(args)).toThrow(message);
  });
});
