import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readSettings, type Settings } from "../../stacks/settings";
import { declaredKeys, devConfiguration, IMAGES } from "../support/dev-stack";
import { messageOf, problemsOf } from "../support/refusal";

/** The settings of the dev stack with some keys changed; undefined leaves a key out. */
function settings(changes: Readonly<Record<string, unknown>> = {}): Settings {
  pulumi.runtime.setAllConfig(devConfiguration(changes));
  return readSettings(new pulumi.Config("aks-fine-tuning"));
}
const problems = (changes: Readonly<Record<string, unknown>>): string[] => problemsOf(() => settings(changes));

/** Remembers which keys are asked for. */
class WatchedConfig extends pulumi.Config {
  readonly keys = new Set<string>();

  override get<K extends string = string>(key: string, options?: pulumi.StringConfigOptions<K>): K | undefined {
    this.keys.add(key);
    return super.get(key, options);
  }

  override getObject<T>(key: string): T | undefined {
    this.keys.add(key);
    return super.getObject<T>(key);
  }

  override requireObject<T>(key: string): T {
    this.keys.add(key);
    return super.requireObject<T>(key);
  }

  override getNumber(key: string, options?: pulumi.NumberConfigOptions): number | undefined {
    this.keys.add(key);
    return super.getNumber(key, options);
  }

  override getBoolean(key: string): boolean | undefined {
    this.keys.add(key);
    return super.getBoolean(key);
  }
}

const OPTIONAL = ["location", "kubernetesVersion", "systemNodes", "deployerType", "protect", "spot", "maxGpuNodes", "layers", "servingImage"];
const withoutOptional = Object.fromEntries(OPTIONAL.map((key) => [key, undefined]));
const missing = (key: string): string =>
  `AKSFT-STACK-03 ${key}: got nothing; is needed ${["model", "recipe"].includes(key) ? "to size the GPU pool" : "by the tuning layer"} and has no default; ` +
  `fix: set it in the stack's file, Pulumi.STACK.yaml, as aks-fine-tuning:${key}`;

describe("readSettings", () => {
  it("fills every default", () => {
    const { layers, platform, serving } = settings(withoutOptional);
    expect({ layers, platform, serving }).toEqual({
      layers: ["platform", "tuning", "serving"],
      platform: {
        location: "eastus",
        kubernetesVersion: "1.36",
        systemNodes: 1,
        deployerType: "User",
        spot: true,
        maxGpuNodes: 2,
        protect: false,
        devicePluginImage: undefined,
        metricsExporterImage: undefined,
      },
      serving: { servingImage: undefined },
    });
  });

  it("keeps what was configured, and puts layers into their order", () => {
    const platform = {
      location: "westeurope",
      kubernetesVersion: "1.37",
      systemNodes: 3,
      deployerType: "ServicePrincipal",
      spot: false,
      maxGpuNodes: 4,
      protect: true,
      devicePluginImage: IMAGES.trainerImage,
      metricsExporterImage: IMAGES.weightsImage,
    };
    const read = settings({ ...platform, layers: ["tuning", "platform"] });
    expect(read.platform).toEqual(platform);
    expect(read.layers).toEqual(["platform", "tuning"]);
    expect(read.serving).toEqual({ servingImage: IMAGES.servingImage });
  });

  it("reads the run, with a path that starts at the project's folder wherever the program runs", () => {
    const { tuning } = settings();
    expect(path.resolve(tuning.dataset)).toBe(path.resolve(__dirname, "../../examples/support-bot/tickets.jsonl"));
    expect(tuning).toMatchObject({ team: "support", run: "tickets", weightsImage: IMAGES.weightsImage, trainerImage: IMAGES.trainerImage });
    expect(tuning.recipe).toMatchObject({ method: "lora", sequenceLength: 512, model: { name: "tiny" } });
  });

  it("looks a model up by its name alone, and takes one with dimensions as it is", () => {
    expect(settings({ model: { name: "phi-4" } }).tuning.recipe.model).toBe("phi-4");
    expect(settings({ model: { name: "phi-4", hidden_size: 8 } }).tuning.recipe.model).toEqual({ name: "phi-4", hidden_size: 8 });
    expect(settings({ model: { name: "mine" } }).tuning.recipe.model).toEqual({ name: "mine" });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ layers: ["platform", "tunning"] }, 'AKSFT-STACK-01 layers[1]: got "tunning"; is none of platform, tuning, serving; fix: did you mean "tuning"?'],
    [{ layers: ["platform", "serving"] }, 'AKSFT-STACK-06 layers: got ["platform","serving"]; lacks tuning, which the layers after it build on; fix: add tuning'],
    [{ kubernetesVersion: "1.30" }, 'AKSFT-STACK-02 kubernetesVersion: got "1.30"; AKS supports 1.34, 1.35, 1.36, 1.37; fix: did you mean "1.34"?'],
    [{ kubernetesVersion: "latest" }, 'AKSFT-STACK-02 kubernetesVersion: got "latest"; AKS supports 1.34, 1.35, 1.36, 1.37; fix: use one of 1.34, 1.35, 1.36, 1.37'],
    [{ deployerType: "Group" }, 'AKSFT-STACK-05 deployerType: got "Group"; is none of User, ServicePrincipal; fix: use one of User, ServicePrincipal'],
    [{ model: undefined }, missing("model")],
    [{ model: { hidden_size: 8 } }, missing("model")],
    [{ recipe: undefined }, missing("recipe")],
    [{ team: undefined }, missing("team")],
    [{ run: "" }, missing("run")],
    [{ dataset: undefined }, missing("dataset")],
    [{ weightsImage: undefined }, missing("weightsImage")],
    [{ trainerImage: undefined }, missing("trainerImage")],
  ])("refuses %p", (changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });

  it.each(["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"])("refuses %s by tag", (key) => {
    expect(problems({ [key]: "mlreg.azurecr.io/image:latest" })).toEqual([
      expect.stringMatching(new RegExp(`^AKSFT-STACK-04 ${key}: got "mlreg.azurecr.io/image:latest"; .*; fix: use the form`)),
    ]);
  });

  it("asks a stack that holds the platform alone for nothing of the other layers", () => {
    const platformOnly = { layers: ["platform"], team: undefined, run: undefined, dataset: undefined, weightsImage: undefined, trainerImage: undefined };
    expect(settings(platformOnly).layers).toEqual(["platform"]);
  });

  it("lists every problem at once, each with its key", () => {
    const bad = { layers: ["tuning", "x"], kubernetesVersion: "1.30", deployerType: "Group", team: undefined, model: undefined, servingImage: "image:latest" };
    expect(messageOf(() => settings(bad)).split("\n").map((each) => each.split(": got")[0])).toEqual([
      "The stack's configuration cannot be deployed:",
      "- AKSFT-STACK-01 layers[1]",
      "- AKSFT-STACK-06 layers",
      "- AKSFT-STACK-02 kubernetesVersion",
      "- AKSFT-STACK-05 deployerType",
      "- AKSFT-STACK-03 team",
      "- AKSFT-STACK-03 model",
      "- AKSFT-STACK-04 servingImage",
    ]);
  });
});

describe("Pulumi.yaml", () => {
  it("declares every key that is read, and no other", () => {
    pulumi.runtime.setAllConfig(devConfiguration());
    const config = new WatchedConfig("aks-fine-tuning");
    readSettings(config);
    expect([...config.keys].sort()).toEqual(Object.keys(declaredKeys()).sort());
  });

  it("describes every key, and declares the defaults that the program has", () => {
    const { layers, platform } = settings(withoutOptional);
    const effective: Record<string, unknown> = { layers, ...platform };
    for (const [key, { description, default: declared }] of Object.entries(declaredKeys())) {
      expect(description).toMatch(/^[A-Z].*[^.]$/);
      expect([key, declared]).toEqual([key, effective[key]]);
    }
  });

  it("declares every key that the dev stack sets", () => {
    const declared = Object.keys(declaredKeys()).map((key) => `aks-fine-tuning:${key}`);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(devConfiguration())));
  });
});
