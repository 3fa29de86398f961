import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe as described } from "../../components/plan/refuse";
import { readSettings, type Settings } from "../../stacks/settings";
import { declaredKeys, devConfiguration, IMAGES, stackConfiguration } from "../support/stack-configuration";

/** The settings of the dev stack with some keys changed; undefined leaves a key out. */
function settings(changes: Readonly<Record<string, unknown>> = {}): Settings {
  pulumi.runtime.setAllConfig(devConfiguration(changes));
  return readSettings(new pulumi.Config("aks-fine-tuning"));
}
const problems = (changes: Readonly<Record<string, unknown>>): string[] => settings(changes).problems.map(described);

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

const OPTIONAL = ["environment", "location", "deployerType", "protect", "retainData", "pools", "layers", "servingImage"];
const withoutOptional = Object.fromEntries(OPTIONAL.map((key) => [key, undefined]));
const missing = (key: string): string =>
  `AKSFT-STACK-03 ${key}: got nothing; is needed ${["model", "recipe"].includes(key) ? "to size the GPU pool" : "by the tuning layer"} and has no default; ` +
  `fix: set it in the stack's file, Pulumi.STACK.yaml, as aks-fine-tuning:${key}`;
const pools = (read: Settings) => read.platform?.pools.map(({ name, decisions }) => ({ name, ...decisions }));

describe("readSettings", () => {
  it("fills every default, the strict ones where nobody loosened them", () => {
    const { layers, login, protect, platform, serving, problems: found } = settings(withoutOptional);
    expect(found).toEqual([]);
    expect({ layers, login, protect }).toEqual({ layers: ["platform", "tuning", "serving"], login: "azurecli", protect: true });
    expect({ ...platform, pools: undefined }).toEqual({
      environment: "production",
      location: "eastus",
      resourceGroup: undefined,
      tags: {},
      protect: true,
      retainData: true,
      deployerType: "User",
      login: "azurecli",
      network: {},
      existingNetwork: undefined,
      cluster: {},
      registry: {},
      devicePluginImage: IMAGES.devicePluginImage,
      metricsExporterImage: IMAGES.metricsExporterImage,
    });
    expect(serving).toEqual({ servingImage: undefined, pool: undefined });
  });

  it("keeps what was configured, and puts layers into their order", () => {
    const read = settings({
      layers: ["tuning", "platform"],
      environment: "production",
      location: "westeurope",
      resourceGroup: "ml",
      tags: { "cost-center": "42" },
      deployerType: "ServicePrincipal",
      login: "workloadidentity",
      protect: false,
      network: { addressSpace: "10.8.0.0/16" },
      cluster: { kubernetesVersion: "1.37", tier: "Standard", systemPool: { nodes: 5, vmSize: "Standard_D8s_v5" } },
      registry: { sku: "Premium" },
      devicePluginImage: IMAGES.trainerImage,
    });
    expect(read).toMatchObject({ layers: ["platform", "tuning"], login: "workloadidentity", protect: false, serving: undefined, problems: [] });
    expect(read.platform).toMatchObject({
      environment: "production",
      location: "westeurope",
      resourceGroup: "ml",
      tags: { "cost-center": "42" },
      deployerType: "ServicePrincipal",
      network: { addressSpace: "10.8.0.0/16" },
      cluster: { kubernetesVersion: "1.37", tier: "Standard", systemPool: { nodes: 5, vmSize: "Standard_D8s_v5" } },
      registry: { sku: "Premium" },
      devicePluginImage: IMAGES.trainerImage,
    });
  });

  it("reads the run, with a path that starts at the project's folder wherever the program runs", () => {
    const { tuning } = settings({ tuningPool: "gpu" });
    expect(path.resolve(tuning?.dataset ?? "")).toBe(path.resolve(__dirname, "../../examples/support-bot/tickets.jsonl"));
    expect(tuning).toMatchObject({ team: "support", run: "tickets", pool: "gpu", weightsImage: IMAGES.weightsImage, trainerImage: IMAGES.trainerImage });
    expect(tuning?.recipe).toMatchObject({ method: "lora", sequenceLength: 512, model: { name: "tiny" } });
  });

  it("reads the service: its pool is the one that tunes, unless another is named", () => {
    const service = { replicas: 2, serveBase: true, maxModelLength: 512 };
    expect(settings({ service, tuningPool: "a", servingPool: "b" }).serving).toEqual({ ...service, servingImage: IMAGES.servingImage, pool: "b" });
    expect(settings({ tuningPool: "a" }).serving?.pool).toBe("a");
    // The project's defaults, which say that nobody set the key.
    expect(settings({ tuningPool: "a", servingPool: "" }).serving?.pool).toBe("a");
    expect(settings({ tuningPool: "", servingPool: "" }).serving?.pool).toBeUndefined();
  });

  it("looks a model up by its name alone, and takes one with dimensions as it is", () => {
    expect(settings({ model: { name: "phi-4" } }).tuning?.recipe.model).toBe("phi-4");
    expect(settings({ model: { name: "microsoft/phi-4" } }).tuning?.recipe.model).toBe("phi-4");
    expect(settings({ model: { name: "phi-4", hidden_size: 8 } }).tuning?.recipe.model).toEqual({ name: "phi-4", hidden_size: 8 });
    expect(settings({ model: { name: "mine" } }).tuning?.recipe.model).toEqual({ name: "mine" });
  });

  it("has one pool of the right size for the recipe, unless the pools are listed", () => {
    expect(pools(settings({ pools: undefined }))).toMatchObject([
      { name: "gpu", size: { shape: { size: "Standard_NV6ads_A10_v5" }, priority: "Regular" } },
    ]);
    const listed = { tune: { size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: 4 }, serve: null };
    expect(pools(settings({ pools: listed }))).toMatchObject([
      { name: "tune", size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: 4 },
      { name: "serve", size: { shape: { size: "Standard_NV6ads_A10_v5" }, priority: "Regular" } },
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ layers: ["platform", "tunning"] }, 'AKSFT-STACK-01 layers[1]: got "tunning"; is none of platform, tuning, serving; fix: did you mean "tuning"?'],
    [{ layers: ["platform", "serving"] }, 'AKSFT-STACK-06 layers: got ["platform","serving"]; lacks tuning, which the layers after it build on; fix: add tuning'],
    [{ layers: ["tuning"] }, 'AKSFT-STACK-06 layers: got ["tuning"]; lacks platform, which the layers after it build on; fix: add platform, or name the stack that holds it in platformStack'],
    [{ platformStack: "o/p/s" }, 'AKSFT-STACK-09 platformStack: got "o/p/s"; names a stack to take the platform from, and layers has a platform of this stack\'s own; fix: remove it, or platform from layers'],
    [{ deployerType: "Group" }, 'AKSFT-STACK-05 deployerType: got "Group"; is none of User, ServicePrincipal; fix: use one of User, ServicePrincipal'],
    [{ environment: "prod" }, 'AKSFT-STACK-12 environment: got "prod"; is none of production, development; fix: use one of production, development'],
    [{ login: "azurecly" }, 'AKSFT-STACK-15 login: got "azurecly"; is none of azurecli, workloadidentity, spn, msi; fix: did you mean "azurecli"?'],
    [{ cluster: { teir: "Free" } }, 'AKSFT-STACK-07 cluster.teir: got "teir"; is no argument there; fix: did you mean "tier"?'],
    [{ network: ["10.0.0.0/8"] }, 'AKSFT-STACK-08 network: got ["10.0.0.0/8"]; must be an object of arguments; fix: write its arguments under network, one a line'],
    [{ pools: {} }, 'AKSFT-STACK-10 pools: got {}; lists no pool, and nothing could be tuned or served; fix: name one, for example gpu: {}'],
    [{ pools: { gpu: { maxNode: 2 } } }, 'AKSFT-STACK-07 pools.gpu.maxNode: got "maxNode"; is no argument there; fix: did you mean "maxNodes"?'],
    [{ model: undefined }, missing("model")],
    [{ model: { hidden_size: 8 } }, missing("model")],
    [{ recipe: undefined }, missing("recipe")],
    [{ team: undefined }, missing("team")],
    [{ run: "" }, missing("run")],
    [{ dataset: undefined }, missing("dataset")],
    [{ weightsImage: undefined }, missing("weightsImage")],
    [{ trainerImage: undefined }, missing("trainerImage")],
  ])("tells of %p", (changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });

  it.each(["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"])("tells of %s by tag", (key) => {
    expect(problems({ [key]: "mlreg.azurecr.io/image:latest" })).toEqual([
      expect.stringMatching(new RegExp(`^AKSFT-STACK-04 ${key}: got "mlreg.azurecr.io/image:latest"; .*; fix: use the form`)),
    ]);
  });

  it("asks a stack that holds the platform alone for nothing of the other layers, nor for a recipe where its pools have sizes", () => {
    const workloads = { team: undefined, run: undefined, dataset: undefined, weightsImage: undefined, trainerImage: undefined };
    expect(problems({ layers: ["platform"], ...workloads })).toEqual([]);
    const sized = { pools: { gpu: { size: "Standard_NC24ads_A100_v4" } }, model: undefined, recipe: undefined };
    expect(problems({ layers: ["platform"], ...workloads, ...sized })).toEqual([]);
  });

  it("holds no platform where the stack names another's", () => {
    const read = settings({ layers: ["tuning", "serving"], platformStack: "organization/aks-fine-tuning/prod" });
    expect([read.platform, read.platformStack, read.problems]).toEqual([undefined, "organization/aks-fine-tuning/prod", []]);
  });

  it("lists every problem at once, each with its key", () => {
    const bad = { layers: ["tuning", "x"], environment: "prod", deployerType: "Group", team: undefined, model: undefined, servingImage: "image:latest" };
    expect(problems(bad).map((each) => each.split(": got")[0])).toEqual([
      "AKSFT-STACK-01 layers[1]",
      "AKSFT-STACK-06 layers",
      "AKSFT-STACK-03 team",
      "AKSFT-STACK-03 model",
      "AKSFT-STACK-05 deployerType",
      "AKSFT-STACK-12 environment",
      "AKSFT-STACK-04 servingImage",
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
    const { layers, login, protect, platform } = settings(withoutOptional);
    const { environment, location, deployerType } = platform ?? {};
    const effective: Record<string, unknown> = { layers, login, protect, retainData: platform?.retainData, environment, location, deployerType, pools: { gpu: {} }, tuningEngine: "job", servingEngine: "vllm" };
    for (const [key, { description, default: declared }] of Object.entries(declaredKeys())) {
      expect(description).toMatch(/^[A-Z].*[^.]$/);
      // Pulumi refuses a stack that lacks a key without a default.
      expect([key, declared]).toEqual([key, effective[key] ?? (["model", "recipe", "service", "network", "existingNetwork", "cluster", "kaito", "registry", "teamArguments", "tags"].includes(key) ? {} : "")]);
    }
  });

  it.each(["dev", "staging", "prod", "prod-support"])("declares every key that the %s stack sets", (stack) => {
    const declared = Object.keys(declaredKeys()).map((key) => `aks-fine-tuning:${key}`);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(stackConfiguration(stack))));
  });
});
