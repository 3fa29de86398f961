import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UsageError } from "../../cli/command";
import { pin } from "../../cli/pin";
import { RegistryError } from "../../cli/registry/digest";
import { IMAGES } from "../../components/plan/catalogue/images";
import { type LoopbackRegistry, loopbackRegistry, manifestOf } from "../support/loopback-registry";

const ROOT = path.resolve(__dirname, "..", "..");
const QUICK = { pauseMilliseconds: 1 };

/** "vllm/vllm-openai:v0.25.1" of "docker.io/vllm/vllm-openai:v0.25.1". */
function inRegistry(image: string): string {
  return image.slice(image.indexOf("/") + 1);
}

function withDigest(image: string): string {
  return `${image}@${manifestOf(inRegistry(image)).digest}`;
}

const STALE = `sha256:${"0".repeat(64)}`;
const MIRRORED = "mirror.example:5000/nvidia/k8s-device-plugin:v0.17.4";

/** A file as people keep it: comments everywhere, an order of its own, quotes where they like them. */
function prod(server: string, devicePlugin: string, exporter = ""): string {
  return [
    "# Production. Ask the platform team before you change it.",
    "config:",
    "  ours:location: westeurope # near the data",
    "",
    "  # The inference server",
    `  ours:servingImage: "${server}" # held back once, see the minutes`,
    "  ours:recipe:",
    "    method: lora",
    `  ours:devicePluginImage: ${devicePlugin}`,
    "  other:servingImage: docker.io/not/ours:v1",
    ...(exporter === "" ? [] : [`  ours:metricsExporterImage: ${exporter}`]),
    "",
  ].join("\n");
}

describe("aks-fine-tuning pin", () => {
  let registry: LoopbackRegistry;
  let folder: string;
  const file = (): string => path.join(folder, "Pulumi.prod.yaml");

  beforeEach(async () => {
    const known = [...Object.values(IMAGES), MIRRORED, "docker.io/vllm/vllm-openai:v0.24.0"].map(inRegistry);
    registry = await loopbackRegistry([...new Set(known)], { login: "token" });
    folder = mkdtempSync(path.join(os.tmpdir(), "aksft-pin-"));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: ours\nruntime: nodejs\n");
    writeFileSync(file(), prod("docker.io/vllm/vllm-openai:v0.24.0", `${MIRRORED}@${STALE}`));
  });
  afterEach(() => registry.stop());

  function run(...args: readonly string[]): ReturnType<typeof pin> {
    return pin([...args, "--cwd", folder, "--mirror", registry.url], QUICK);
  }

  const after = (): string => prod(withDigest("docker.io/vllm/vllm-openai:v0.24.0"), withDigest(MIRRORED), withDigest(IMAGES.metricsExporter));

  it("writes every digest into the environment, and leaves each other byte as it was", async () => {
    const { code, text } = await run("--stack", "prod");
    expect(code).toBe(0);
    expect(readFileSync(file(), "utf8")).toBe(after());
    expect(text).toBe(
      [
        `${file()}: 3 of 3 written`,
        "  servingImage: unpinned",
        "    was docker.io/vllm/vllm-openai:v0.24.0",
        `    now ${withDigest("docker.io/vllm/vllm-openai:v0.24.0")}`,
        "    the catalogue has v0.25.1; --catalogue-tags moves to it",
        "  devicePluginImage: behind",
        `    was ${MIRRORED}@${STALE}`,
        `    now ${withDigest(MIRRORED)}`,
        "  metricsExporterImage: unpinned",
        "    was the catalogue's, by tag",
        `    now ${withDigest(IMAGES.metricsExporter)}`,
        "",
      ].join("\n"),
    );
  });

  it("has nothing to do the second time", async () => {
    await run("--stack", "prod");
    const { code, text } = await run("--stack", "prod");
    expect({ code, verdict: text.split("\n")[0] }).toEqual({ code: 0, verdict: `${file()}: nothing is behind` });
    expect(readFileSync(file(), "utf8")).toBe(after());
    expect(await run("--stack", "prod", "--check")).toMatchObject({ code: 0 });
  });

  it("only says what is behind with --check", async () => {
    const before = readFileSync(file(), "utf8");
    const { code, text } = await run("--stack", "prod", "--check");
    expect({ code, verdict: text.split("\n")[0] }).toEqual({ code: 1, verdict: `${file()}: 3 of 3 behind` });
    expect(readFileSync(file(), "utf8")).toBe(before);
  });

  it("moves to the catalogue's tags when told to, but stays on a mirror", async () => {
    await run("--stack", "prod", "--catalogue-tags");
    expect(readFileSync(file(), "utf8")).toBe(prod(withDigest(IMAGES.server), withDigest(MIRRORED), withDigest(IMAGES.metricsExporter)));
  });

  it("leaves an image alone that names content and no tag", async () => {
    const own = `mlreg.azurecr.io/vllm@${STALE}`;
    writeFileSync(file(), prod(own, MIRRORED));
    const { text } = await run("--stack", "prod", "--json");
    expect(JSON.parse(text)).toEqual({
      file: file(),
      written: true,
      images: [
        { key: "devicePluginImage", current: MIRRORED, pinned: withDigest(MIRRORED), state: "unpinned" },
        { key: "metricsExporterImage", pinned: withDigest(IMAGES.metricsExporter), state: "unpinned" },
      ],
      fixed: [{ key: "servingImage", current: own }],
    });
    expect(readFileSync(file(), "utf8")).toBe(prod(own, withDigest(MIRRORED), withDigest(IMAGES.metricsExporter)));
  });

  it.each([
    ["in the stack's file", "name: ours\nruntime: nodejs\n", "  ours:layers: [platform]"],
    ["in Pulumi.yaml", "name: ours\nruntime: nodejs\nconfig:\n  layers: { type: array, items: { type: string }, default: [platform] }\n", "  ours:location: westeurope"],
  ])("writes what the stack's layers use, which stand %s", async (_, project, line) => {
    writeFileSync(path.join(folder, "Pulumi.yaml"), project);
    writeFileSync(file(), `config:\n${line}\n`);
    expect(await run("--stack", "prod")).toMatchObject({ code: 0, text: expect.stringContaining("2 of 2 written") });
    const written = [["devicePluginImage", IMAGES.devicePlugin], ["metricsExporterImage", IMAGES.metricsExporter]] as const;
    expect(readFileSync(file(), "utf8")).toBe(["config:", line, ...written.map(([key, image]) => `  ours:${key}: ${withDigest(image)}`), ""].join("\n"));
  });

  it("changes nothing else of a file, however it is written", async () => {
    const lines = (exporter: string): string =>
      ["config:", "    ours:layers: [platform]", "    ours:pools: {gpu: { maxNodes: 2 }}", `    ours:devicePluginImage: '${withDigest(MIRRORED)}'`, "    # Images: below", exporter, "", "# a key of Pulumi's own", "secretsprovider: passphrase"]
        .join("\n")
        .replace("\n\n\n", "\n\n");
    writeFileSync(file(), lines(""));
    expect(await run("--stack", "prod")).toMatchObject({ code: 0 });
    expect(readFileSync(file(), "utf8")).toBe(lines(`    ours:metricsExporterImage: ${withDigest(IMAGES.metricsExporter)}`));
  });

  it("fills a key that stands empty", async () => {
    writeFileSync(file(), "config:\n  ours:layers: [serving]\n  ours:servingImage:\n");
    await run("--stack", "prod");
    expect(readFileSync(file(), "utf8")).toBe(`config:\n  ours:layers: [serving]\n  ours:servingImage: ${withDigest(IMAGES.server)}\n`);
  });

  it("has nothing to write for a stack that only tunes", async () => {
    writeFileSync(file(), "config:\n  ours:layers: [tuning]\n");
    expect(await run("--stack", "prod")).toEqual({ code: 0, text: `${file()}: its layers run no image that others publish\n` });
    expect(readFileSync(file(), "utf8")).toBe("config:\n  ours:layers: [tuning]\n");
  });

  it("starts the configuration of a stack that has none", async () => {
    writeFileSync(file(), "# new\n");
    await run("--stack", "prod");
    expect(readFileSync(file(), "utf8")).toBe(
      ["# new", "", "config:", ...Object.entries({ servingImage: IMAGES.server, devicePluginImage: IMAGES.devicePlugin, metricsExporterImage: IMAGES.metricsExporter }).map(([key, image]) => `  ours:${key}: ${withDigest(image)}`), ""].join("\n"),
    );
  });

  it("pins the catalogue of a checkout, byte for byte but for the references", async () => {
    const catalogue = path.join("components", "plan", "catalogue", "images.ts");
    mkdirSync(path.join(folder, path.dirname(catalogue)), { recursive: true });
    cpSync(path.join(ROOT, catalogue), path.join(folder, catalogue));
    const before = readFileSync(path.join(folder, catalogue), "utf8");
    expect(await run("--catalogue", "--check")).toMatchObject({ code: 1 });
    expect(await run("--catalogue")).toMatchObject({ code: 0 });
    const tags = Object.values(IMAGES).map((image) => image.replace(/@.*/, ""));
    expect(readFileSync(path.join(folder, catalogue), "utf8")).toBe(tags.reduce((text, tag) => text.replace(new RegExp(`"${tag}[^"]*"`), `"${withDigest(tag)}"`), before));
    expect(await run("--catalogue", "--check")).toMatchObject({ code: 0 });
  });

  it("writes nothing when one registry fails, and names each that did", async () => {
    writeFileSync(file(), prod("docker.io/vllm/vllm-openai:v9", "mirror.example/nvidia/nothing:v1"));
    const before = readFileSync(file(), "utf8");
    const failed = run("--stack", "prod");
    await expect(failed).rejects.toThrow(RegistryError);
    await expect(failed).rejects.toThrow(/^docker\.io\/vllm\/vllm-openai:v9: .* has no such tag.*\nmirror\.example\/nvidia\/nothing:v1: .* has no such tag/);
    expect(readFileSync(file(), "utf8")).toBe(before);
  });

  it("refuses what it cannot look up, all of it at once", async () => {
    writeFileSync(file(), prod("vllm-openai", "nvcr.io/nvidia/k8s-device-plugin"));
    await expect(run("--stack", "prod")).rejects.toThrow(/AKSFT-PIN-01 servingImage: got "vllm-openai";.*\n- AKSFT-PIN-02 devicePluginImage: got "nvcr\.io/);
  });

  it.each([
    [[], /^give either --stack NAME or --catalogue$/],
    [["--stack", "prod", "--catalogue"], /^give either --stack NAME or --catalogue$/],
    [["--stack", "prd"], /Pulumi\.prd\.yaml does not exist: did you mean "prod"\?$/],
    [["--catalogue"], /images\.ts does not exist: --catalogue changes a checkout of aks-fine-tuning; for a project of yours give --stack NAME$/],
    [["--stack", "prod", "--mirror", "mirror.example"], /^--mirror mirror\.example: is neither URL nor HOST=URL/],
    [["--stack", "prod", "--timeout-seconds", "soon"], /^--timeout-seconds soon: is no positive number$/],
  ])("calls %j wrong usage", async (args, message) => {
    const failed = run(...args);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
  });

  it("says where a project is missing", async () => {
    const empty = mkdtempSync(path.join(os.tmpdir(), "aksft-pin-"));
    await expect(pin(["--stack", "prod", "--cwd", empty])).rejects.toThrow(/Pulumi\.yaml does not exist: run in the folder of a Pulumi project/);
  });
});
