import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createHash } from "node:crypto";
import { run } from "./commands";

/** Name under which containerd finds it after `ctr -n k8s.io images import`. */
export const PAUSE_IMAGE = "sandbox.local/pause:1";

/** Packs the program `pause` in `folder` into `pause.tar`, an archive as `docker save` makes it. */
export async function packPauseImage(folder: string): Promise<void> {
  await tar(folder, "layer.tar", ["pause"]);
  const layer = createHash("sha256").update(await fs.readFile(path.join(folder, "layer.tar"))).digest("hex");
  const config = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Entrypoint: ["/pause"], User: "65535:65535" },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
    history: [{ created_by: "sandbox" }],
  };
  const manifest = [{ Config: "config.json", RepoTags: [PAUSE_IMAGE], Layers: ["layer.tar"] }];
  await fs.writeFile(path.join(folder, "config.json"), JSON.stringify(config));
  await fs.writeFile(path.join(folder, "manifest.json"), JSON.stringify(manifest));
  await tar(folder, "pause.tar", ["manifest.json", "config.json", "layer.tar"]);
}

/** The same bytes whoever runs it and when. */
async function tar(folder: string, archive: string, members: readonly string[]): Promise<void> {
  const sameEverywhere = ["--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=a+rX"];
  await run("tar", [...sameEverywhere, "--create", "--file", archive, ...members], { cwd: folder });
}
