import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { TrainerImage, type TrainerImageArgs } from "../../components";
import { mockEngine, type Registration } from "../support/mock-engine";
import { EXISTING_REGISTRY } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";
import { byDigest } from "../support/tiny-recipe";

const COMPONENT: Registration = { type: "aks-fine-tuning:index:TrainerImage", name: "trainer", inputs: {} };

async function built(args: TrainerImageArgs): Promise<{ registered: Registration[]; image: string }> {
  const engine = await mockEngine();
  const trainer = new TrainerImage("trainer", args);
  const image = await resolved(trainer.image);
  return { registered: await engine.registered(), image };
}

const expectedImage = (context: string): Registration => ({
  type: "docker:index/image:Image",
  name: "trainer",
  parent: "TrainerImage trainer",
  inputs: {
    imageName: "mlreg.azurecr.io/trainer",
    build: { context, dockerfile: path.join(context, "Dockerfile"), platform: "linux/amd64" },
    buildOnPreview: false,
    skipPush: false,
  },
});

describe("TrainerImage", () => {
  it("registers no image where a ready one is given", async () => {
    const image = byDigest("mlreg.azurecr.io/trainer", "a");
    expect(await built({ image })).toEqual({ registered: [COMPONENT], image });
  });

  it("builds this package's trainer, with a path from the project's folder", async () => {
    const { registered, image } = await built({ registry: EXISTING_REGISTRY });
    const own = path.relative(process.cwd(), path.resolve(__dirname, "..", "..", "images", "trainer"));
    expect(registered).toEqual([COMPONENT, expectedImage(own)]);
    expect(image).toBe(byDigest("mlreg.azurecr.io/trainer", "d"));
  });

  it("builds the folder it is given", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "trainer-image-"));
    writeFileSync(path.join(folder, "Dockerfile"), "FROM scratch\n");
    const { registered } = await built({ registry: EXISTING_REGISTRY, context: folder });
    rmSync(folder, { recursive: true });
    expect(registered).toEqual([COMPONENT, expectedImage(path.relative(process.cwd(), folder))]);
  });

  it("registers nothing for a moving tag", async () => {
    const engine = await mockEngine();
    expect(problemsOf(() => new TrainerImage("trainer", { image: "mlreg.azurecr.io/trainer:latest" }))).toEqual([
      expect.stringMatching(/^AKSFT-TRAINER-01 image: got "mlreg\.azurecr\.io\/trainer:latest"/),
    ]);
    expect(await engine.registered()).toEqual([]);
  });

  it("registers nothing for a folder without a Dockerfile", async () => {
    const engine = await mockEngine();
    expect(problemsOf(() => new TrainerImage("trainer", { registry: EXISTING_REGISTRY, context: "no/where" }))).toEqual([
      expect.stringMatching(/^AKSFT-TRAINER-02 context: got "no\/where"; no such folder/),
    ]);
    expect(await engine.registered()).toEqual([]);
  });
});
