import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "../progress";
import { fillFolder, isFolder } from "../toolchain/cache";
import { contentKey, imagesFolder } from "./content-key";
import { describedLayer, type Layer, packDescribedLayer } from "./layer";
import { installPackages } from "./python-packages";
import { rootlessPython, type RootlessPython } from "./rootless-python";
import { makeSystemRoot } from "./system-root";
import { ImagesUnavailable } from "./unavailable";

/** Raise it when the way the layers are made changes what is in them. */
const RECIPE = 2;

/** What the trainer and the server stand on: Debian with Python, and the packages of both. */
export interface Runtime {
  readonly key: string;
  /** Absolute path inside the images. */
  readonly python: string;
  readonly layers: readonly Layer[];
  /** The same, for programs that run while images are built. */
  readonly rootless: RootlessPython;
  /** PYTHONPATH of that. */
  readonly packages: string;
}

interface Description {
  readonly python: string;
  readonly packages: string;
}

const PACKAGE_LISTS = ["images/trainer/requirements.txt", "sandbox/images/cuda-runtime.txt"];

export async function ensureRuntime(projectRoot: string, progress: Progress): Promise<Runtime> {
  const lists = PACKAGE_LISTS.map((file) => path.join(projectRoot, file));
  const key = await contentKey([String(RECIPE), await debianRelease()], lists);
  const folder = path.join(imagesFolder(), `runtime-${key}`);
  if (!(await isFolder(folder))) {
    await progress.step("Python runtime of the sandbox's images", (report) =>
      fillFolder(folder, (temporary) => make(temporary, lists, report), report),
    );
  }
  const { python, packages } = JSON.parse(await fs.readFile(path.join(folder, "runtime.json"), "utf8")) as Description;
  return {
    key,
    python: `/usr/bin/${python}`,
    layers: ["system", "packages"].map((name) => describedLayer(path.join(folder, "layers", `${name}.tar.zst`))),
    rootless: rootlessPython(path.join(folder, "system"), python),
    packages: path.join(folder, "packages", packages),
  };
}

async function make(folder: string, lists: readonly string[], report: (detail: string) => void): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new ImagesUnavailable(`they hold Linux programs for x64, and this is ${process.platform} on ${process.arch}`);
  }
  const root = path.join(folder, "system");
  const work = path.join(folder, "work");
  const { python, pip } = await makeSystemRoot(root, work, report);
  const packages = path.join("usr/local/lib", python, "dist-packages");
  await installPackages({
    python: rootlessPython(root, python),
    pip,
    root,
    folder: path.join(folder, "packages", packages),
    requirements: lists,
    report,
  });
  report("packing");
  for (const name of ["system", "packages"]) {
    await packDescribedLayer(path.join(folder, name), path.join(folder, "layers", `${name}.tar.zst`));
  }
  await fs.rm(work, { recursive: true });
  const description: Description = { python, packages };
  await fs.writeFile(path.join(folder, "runtime.json"), JSON.stringify(description));
}

async function debianRelease(): Promise<string> {
  return fs.readFile("/etc/os-release", "utf8").catch(() => "");
}
