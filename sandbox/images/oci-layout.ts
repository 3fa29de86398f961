import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Layer } from "./layer";

/** How containers of an image start. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/** Writes an image as an OCI layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). */
export function writeLayout(folder: string, layers: readonly Layer[], config: ImageConfig): void {
  const blobs = path.join(folder, "blobs", "sha256");
  fs.mkdirSync(blobs, { recursive: true });
  for (const { file, digest } of layers) linkOrCopy(file, path.join(blobs, hexOf(digest)));

  const described = writeBlob(blobs, "application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = writeBlob(blobs, MANIFEST_TYPE, {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: described,
    layers: layers.map(
      ({ digest, size }): Descriptor => ({
        mediaType: "application/vnd.oci.image.layer.v1.tar+zstd",
        digest,
        size,
      }),
    ),
  });
  fs.writeFileSync(path.join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  fs.writeFileSync(path.join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
}

/** The digest of the one image in a layout. */
export function layoutDigest(folder: string): string {
  const index = JSON.parse(fs.readFileSync(path.join(folder, "index.json"), "utf8")) as { manifests: Descriptor[] };
  const [manifest] = index.manifests;
  if (manifest === undefined) throw new Error(`${folder} holds no image`);
  return manifest.digest;
}

function writeBlob(blobs: string, mediaType: string, value: unknown): Descriptor {
  const content = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  fs.writeFileSync(path.join(blobs, hexOf(digest)), content);
  return { mediaType, digest, size: content.length };
}

/** The big layers are shared by several images; a second name costs nothing where the file system allows one. */
function linkOrCopy(file: string, target: string): void {
  try {
    fs.linkSync(file, target);
  } catch {
    fs.copyFileSync(file, target);
  }
}

function hexOf(digest: string): string {
  return digest.replace("sha256:", "");
}
