import * as fs from "node:fs/promises";
import * as path from "node:path";
import { PROJECT_ROOT } from "../home";
import type { Progress } from "../progress";
import { fillFolder, isFolder } from "../toolchain/cache";
import { run } from "../toolchain/commands";
import { contentKey, imagesFolder, sourcesIn } from "./content-key";
import { packLayer } from "./layer";
import { type ImageConfig, layoutDigest, writeLayout } from "./oci-layout";
import { ensureRuntime, type Runtime } from "./runtime";

export { ImagesUnavailable } from "./unavailable";

/** Folders of OCI layouts. */
export interface SandboxImages {
  readonly trainer: string;
  readonly serving: string;
  readonly baseModel: string;
}

/** The images in a registry, by digest. */
export type PushedImages = Readonly<Record<keyof SandboxImages, string>>;

const REPOSITORIES = { trainer: "trainer", serving: "serving", baseModel: "base-model" } as const;

/** The id that the rendered pods run under. */
const USER = "10001:10001";

/**
 * Builds what is missing of the three images that a public registry or an organisation would provide: the trainer on
 * CPU, a server that stands in for vLLM, and a tiny base model. Each is keyed by what it is made of.
 *
 * @throws {ImagesUnavailable} where this machine cannot build them
 */
export async function ensureSandboxImages(progress: Progress): Promise<SandboxImages> {
  const runtime = await ensureRuntime(PROJECT_ROOT, progress);
  const trainer = await ensureProgram(runtime, {
    name: "trainer",
    sources: path.join(PROJECT_ROOT, "images", "trainer", "trainer"),
    packageFolder: "opt/trainer/trainer",
    config: { Entrypoint: [runtime.python, "-m", "trainer"], Env: ["PYTHONPATH=/opt/trainer"] },
  });
  const serving = await ensureProgram(runtime, {
    name: "serving",
    sources: path.join(__dirname, "serving"),
    packageFolder: "opt/serving/serving",
    config: { Entrypoint: [runtime.python, "-m", "serving"], Env: ["PYTHONPATH=/opt/serving"] },
  });
  return { trainer, serving, baseModel: await ensureBaseModel(runtime, progress) };
}

/** Copies what the registry does not have yet. `host` answers plain HTTP. */
export async function pushSandboxImages(images: SandboxImages, host: string, crane: string): Promise<PushedImages> {
  const push = async (image: keyof SandboxImages) => {
    const repository = `${host}/sandbox/${REPOSITORIES[image]}`;
    const digest = layoutDigest(images[image]);
    if (!(await isInRegistry(host, `sandbox/${REPOSITORIES[image]}`, digest))) {
      await run(crane, ["push", images[image], `${repository}:${digest.slice("sha256:".length, 19)}`]);
    }
    return `${repository}@${digest}`;
  };
  // One after the other: the trainer's and the server's large layers are the same, and the second finds them there.
  return { trainer: await push("trainer"), serving: await push("serving"), baseModel: await push("baseModel") };
}

/** Passive: threads that spin while they wait take the machine's cores from the cluster that runs on it. */
const ENVIRONMENT = ["PATH=/usr/local/bin:/usr/bin:/bin", "PYTHONUNBUFFERED=1", "OMP_WAIT_POLICY=PASSIVE"];

interface Program {
  readonly name: string;
  readonly sources: string;
  /** Folder of the Python package inside the image. */
  readonly packageFolder: string;
  readonly config: ImageConfig;
}

/** A Python program as a thin layer on the runtime: a change of it is packed and pushed in a second. */
async function ensureProgram(runtime: Runtime, program: Program): Promise<string> {
  const sources = await sourcesIn(program.sources);
  const config: ImageConfig = {
    ...program.config,
    Env: [...ENVIRONMENT, ...(program.config.Env ?? [])],
    User: USER,
    WorkingDir: "/tmp",
  };
  const key = await contentKey([runtime.key, JSON.stringify(config), program.packageFolder], sources);
  const folder = path.join(imagesFolder(), `${program.name}-${key}`);
  if (await isFolder(folder)) return folder;
  const make = async (temporary: string) => {
    const files = path.join(temporary, "files");
    const target = path.join(files, program.packageFolder);
    await fs.mkdir(target, { recursive: true });
    for (const source of sources) await fs.copyFile(source, path.join(target, path.basename(source)));
    const layer = await packLayer(files, path.join(temporary, "program.tar.zst"));
    writeLayout(temporary, [...runtime.layers, layer], config);
    await Promise.all([fs.rm(files, { recursive: true }), fs.rm(layer.file)]);
  };
  await fillFolder(folder, make, () => undefined);
  return folder;
}

async function ensureBaseModel(runtime: Runtime, progress: Progress): Promise<string> {
  const sources = await sourcesIn(path.join(__dirname, "base-model"));
  const folder = path.join(imagesFolder(), `base-model-${await contentKey([runtime.key], sources)}`);
  if (await isFolder(folder)) return folder;
  const make = async (temporary: string, report: (detail: string) => void) => {
    const files = path.join(temporary, "files");
    await runtime.rootless.run([path.join(__dirname, "base-model", "pretrain.py"), path.join(files, "data")], {
      env: { PYTHONPATH: runtime.packages, PYTHONDONTWRITEBYTECODE: "1", HF_HUB_OFFLINE: "1" },
      onLine: (line) => {
        if (line.startsWith("step ")) report(line);
      },
    });
    const layer = await packLayer(files, path.join(temporary, "weights.tar.zst"));
    writeLayout(temporary, [layer], {});
    await Promise.all([fs.rm(files, { recursive: true }), fs.rm(layer.file)]);
  };
  await progress.step("tiny base model", (report) =>
    fillFolder(folder, (temporary) => make(temporary, report), report),
  );
  return folder;
}

async function isInRegistry(host: string, repository: string, digest: string): Promise<boolean> {
  const headers = { Accept: "application/vnd.oci.image.manifest.v1+json" };
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${digest}`, { method: "HEAD", headers });
  return answer.ok;
}
