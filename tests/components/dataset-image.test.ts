import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DatasetImage } from "../../components";
import { mockEngine } from "../support/mock-engine";
import { EXISTING_REGISTRY } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { byDigest } from "../support/tiny-recipe";

const CANONICAL = '{"messages":[{"content":"hi","role":"user"},{"content":"hello","role":"assistant"}]}\n';
const KEY = "d577c746c79dd54c";
const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "dataset-image-"));

beforeAll(() => {
  process.chdir(folder);
  writeFileSync("rows.jsonl", '{"completion": "hello", "prompt": "hi"}\n');
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe("DatasetImage", () => {
  it("stages the canonical rows under their key and registers an image of them, tagged with it", async () => {
    const engine = await mockEngine();
    const dataset = new DatasetImage("tickets", { registry: EXISTING_REGISTRY, file: "rows.jsonl" });
    expect(await engine.registered()).toEqual([
      { type: "aks-fine-tuning:index:DatasetImage", name: "tickets", inputs: { contentKey: KEY, rows: 1 } },
      {
        type: "docker:index/image:Image",
        name: "tickets",
        parent: "DatasetImage tickets",
        inputs: {
          imageName: `mlreg.azurecr.io/datasets/tickets:${KEY}`,
          build: {
            context: `.aks-fine-tuning/datasets/${KEY}`,
            dockerfile: `.aks-fine-tuning/datasets/${KEY}/Dockerfile`,
            platform: "linux/amd64",
          },
          // Defaults of the provider's own package.
          buildOnPreview: false,
          skipPush: false,
        },
      },
    ]);
    expect([dataset.contentKey, dataset.rows]).toEqual([KEY, 1]);
    expect(readFileSync(`.aks-fine-tuning/datasets/${KEY}/data/train.jsonl`, "utf8")).toBe(CANONICAL);
    expect(readFileSync(`.aks-fine-tuning/datasets/${KEY}/Dockerfile`, "utf8")).toBe("FROM scratch\nCOPY data /data\n");
  });

  it("is named by the digest that the registry answers", async () => {
    const engine = await mockEngine();
    const { image } = new DatasetImage("tickets", { registry: EXISTING_REGISTRY, file: "rows.jsonl", repository: "own/place" });
    expect(await resolved(image)).toBe(byDigest("mlreg.azurecr.io/own/place", "d"));
    await engine.registered();
  });

  it("registers no image where a ready one is given, and takes the key of its digest", async () => {
    const engine = await mockEngine();
    const image = byDigest("mlreg.azurecr.io/tickets", "5");
    const dataset = new DatasetImage("tickets", { registry: EXISTING_REGISTRY, image });
    expect(await engine.registered()).toEqual([
      { type: "aks-fine-tuning:index:DatasetImage", name: "tickets", inputs: { contentKey: "5".repeat(16) } },
    ]);
    expect(await resolved(dataset.image)).toBe(image);
    expect([dataset.contentKey, dataset.rows]).toEqual(["5".repeat(16), undefined]);
  });

  it("registers and stages nothing for a faulty file, and lists every fault with the faulty name", async () => {
    const engine = await mockEngine();
    writeFileSync("faulty.jsonl", "{\n[]\n");
    const staged = readdirSync(".");
    expect(problemsOf(() => new DatasetImage("Tickets", { registry: EXISTING_REGISTRY, file: "faulty.jsonl" })).map((each) => each.split(": got")[0])).toEqual([
      "AKSFT-NAME-04 name",
      "AKSFT-DATA-01 faulty.jsonl:1",
      "AKSFT-DATA-01 faulty.jsonl:2",
    ]);
    expect(await engine.registered()).toEqual([]);
    expect(readdirSync(".")).toEqual(staged);
  });

  it("registers nothing for a moving tag", async () => {
    const engine = await mockEngine();
    const image = "mlreg.azurecr.io/tickets:latest";
    expect(problemsOf(() => new DatasetImage("tickets", { registry: EXISTING_REGISTRY, image }))).toHaveLength(1);
    expect(await engine.registered()).toEqual([]);
  });
});
