import { GPU_SIZES } from "../../../components/plan/catalogue/gpu-sizes";
import { tunablePreset } from "../../../components/plan/catalogue/kaito-presets";
import { drivenKaitoVersion, KAITO_VERSION_FACTS, kaitoVersionProblems } from "../../../components/plan/catalogue/kaito-versions";
import { isRetiringKaitoPreset } from "../../../components/plan/catalogue/retiring-kaito-presets";
import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";
import { kaitoNodeCount } from "../../../components/plan/sizing/kaito-nodes";
import { presetName } from "../../../components/plan/sizing/kaito/formulas";
import { knownVersion } from "../../../components/plan/sizing/kaito/setup";

const VERSIONS = Object.entries(KAITO_VERSION_FACTS);

describe("the table of KAITO's versions", () => {
  it.each(VERSIONS)("%s has a node count of its own", (version) => {
    expect(knownVersion(version)).toBe(version);
  });

  it.each(VERSIONS)("%s names presets that are models of the catalogue and have layers to adapt", (_, { tunablePresets, retiringPresets }) => {
    const known = BASE_MODEL_NAMES.map(presetName);
    expect(tunablePresets.filter((preset) => !known.includes(preset) || tunablePreset(preset) === undefined)).toEqual([]);
    expect(new Set(tunablePresets).size).toBe(tunablePresets.length);
    expect(tunablePresets).toEqual(expect.arrayContaining([...retiringPresets]));
  });

  it("loses presets from version to version as it says", () => {
    const { "0.6": old, "0.12": chart, main } = KAITO_VERSION_FACTS;
    const staying = ({ tunablePresets, retiringPresets }: { readonly tunablePresets: readonly string[]; readonly retiringPresets: readonly string[] }) =>
      tunablePresets.filter((preset) => !retiringPresets.includes(preset));
    expect(staying(old)).toEqual(chart.tunablePresets);
    expect(staying(chart)).toEqual(main.tunablePresets);
    expect(main.tunablePresets.filter(isRetiringKaitoPreset)).toEqual([]);
  });

  it.each(VERSIONS)("%s buys whole GPUs that its node count knows", (version, { sizes }) => {
    expect(sizes).not.toContain("Standard_ND96asr_v4");
    expect(sizes.filter((size) => GPU_SIZES[size].share !== undefined)).toEqual([]);
    for (const size of sizes) expect(kaitoNodeCount({ model: "Phi-4-mini-instruct", size, presetGiB: 8 }, version).gpusPerNode).toBe(GPU_SIZES[size].gpus);
  });

  it("has T4s in the add-on's table alone", () => {
    expect(VERSIONS.map(([version, { sizes }]) => [version, sizes.some((size) => GPU_SIZES[size].family === "T4")])).toEqual([["0.6", true], ["0.12", false], ["main", false]]);
  });

  it.each([
    ["0.12", "0.12"],
    ["0.12.3", "0.12"],
    ["v0.6.0", "0.6"],
    ["main", "main"],
    ["0.10", undefined],
    ["0.1", undefined],
    ["latest", undefined],
  ])("takes %s for %p", (version, driven) => {
    expect(drivenKaitoVersion(version)).toBe(driven);
    expect(kaitoVersionProblems("version", version).map(({ code }) => code)).toEqual(driven === undefined ? ["AKSFT-KAITO-05"] : []);
  });
});
