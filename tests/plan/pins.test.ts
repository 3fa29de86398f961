import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { IMAGES } from "../../components/plan/catalogue/images";
import { PIN_KEYS, pinned, planCataloguePins, planPins } from "../../components/plan/pins";

const ROOT = path.resolve(__dirname, "..", "..");
const [OLD, NEW] = [`sha256:${"0".repeat(64)}`, `sha256:${"1".repeat(64)}`];
const MIRROR = "mirror.example/vllm/vllm-openai:v0.24.0";

describe("planPins", () => {
  it("takes over the catalogue's references where an environment names none", () => {
    const { targets, fixed } = planPins({});
    expect(targets.map(({ key, current, wanted: { registry, repository, tag } }) => [key, current, `${registry}/${repository}:${tag}`])).toEqual(
      Object.entries(PIN_KEYS).map(([name, key]) => [key, undefined, Reflect.get(IMAGES, name)]),
    );
    expect(fixed).toEqual([]);
  });

  it.each([
    ["the environment's tag", "docker.io/vllm/vllm-openai:v0.24.0", false, { tag: "v0.24.0" }, "v0.25.1"],
    ["the catalogue's tag", "docker.io/vllm/vllm-openai:v0.24.0", true, { tag: "v0.25.1" }, undefined],
    ["a mirror's tag", MIRROR, false, { tag: "v0.24.0", registry: "mirror.example" }, undefined],
    ["a mirror's tag all the same", MIRROR, true, { tag: "v0.24.0", registry: "mirror.example" }, undefined],
  ])("follows %s", (_, servingImage, catalogueTags, wanted, catalogueTag) => {
    const [target] = planPins({ servingImage }, { catalogueTags }).targets;
    expect(target).toMatchObject({ current: servingImage, wanted });
    expect(target?.catalogueTag).toBe(catalogueTag);
  });

  it.each([
    [undefined, ["servingImage", "devicePluginImage", "metricsExporterImage"]],
    [["platform", "tuning", "serving"], ["servingImage", "devicePluginImage", "metricsExporterImage"]],
    [["platform"], ["devicePluginImage", "metricsExporterImage"]],
    [["tuning", "serving"], ["servingImage"]],
    [["tuning"], []],
  ])("looks up what layers %j run", (layers, keys) => {
    // A reference that cannot be read is no fault where nothing uses it.
    const unused = Object.fromEntries(Object.values(PIN_KEYS).filter((key) => !keys.includes(key)).map((key) => [key, "unreadable"]));
    expect(planPins(unused, { layers }).targets.map(({ key }) => key)).toEqual(keys);
  });

  it("leaves content alone that follows no tag", () => {
    const servingImage = `mirror.example/vllm@${OLD}`;
    const { targets, fixed } = planPins({ servingImage });
    expect(fixed).toEqual([{ key: "servingImage", current: servingImage }]);
    expect(targets.map(({ key }) => key)).toEqual(["devicePluginImage", "metricsExporterImage"]);
  });

  it("refuses what is no reference, or names neither tag nor digest", () => {
    expect(() => planPins({ servingImage: "vllm", devicePluginImage: "nvcr.io/nvidia/plugin" })).toThrow(
      [
        "The pins cannot be deployed:",
        '- AKSFT-PIN-01 servingImage: got "vllm"; is no image reference with its registry, as in REGISTRY/REPOSITORY:TAG; fix: write the registry in front, for example docker.io/vllm/vllm-openai:v0.25.1',
        '- AKSFT-PIN-02 devicePluginImage: got "nvcr.io/nvidia/plugin"; names neither a tag to look up nor a digest; fix: add the tag that you follow, for example :v0.25.1',
      ].join("\n"),
    );
  });
});

describe("a pin", () => {
  it.each([
    [MIRROR, "unpinned"],
    [undefined, "unpinned"],
    [`${MIRROR}@${OLD}`, "behind"],
    [`${MIRROR}@${NEW}`, "current"],
  ])("of %s is %s", (current, state) => {
    const wanted = { registry: "mirror.example", repository: "vllm/vllm-openai", tag: "v0.24.0" };
    expect(pinned({ key: "servingImage", current, wanted }, NEW)).toEqual({ key: "servingImage", current, pinned: `${MIRROR}@${NEW}`, state });
  });
});

describe("the keys that are pinned", () => {
  it("are keys of the project's configuration", () => {
    const file = parse(readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8")) as { readonly config: object };
    expect(Object.keys(file.config)).toEqual(expect.arrayContaining(Object.values(PIN_KEYS)));
  });

  it("are all found in the catalogue's file", () => {
    const source = readFileSync(path.join(ROOT, "components", "plan", "catalogue", "images.ts"), "utf8");
    expect(planCataloguePins(source).map(({ key, current }) => [key, current])).toEqual(Object.entries(IMAGES));
  });
});
