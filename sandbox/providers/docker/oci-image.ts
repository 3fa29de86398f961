import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";

/** An image with one layer: https://github.com/opencontainers/image-spec/blob/main/spec.md */
export interface OciImage {
  readonly digest: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly manifest: Buffer;
}

const EPOCH = "1970-01-01T00:00:00Z";

function digestOf(content: Buffer): string {
  return `sha256:${crypto.createHash("sha256").update(content).digest("hex")}`;
}

/** The same tar, platform and labels give the same digest, whenever and wherever it is built. */
export function ociImage(tar: Buffer, platform: string, labels: Readonly<Record<string, string>>): OciImage {
  const layer = zlib.gzipSync(tar);
  const [os = "linux", architecture = "amd64", variant] = platform.split("/");
  const config = Buffer.from(
    JSON.stringify({
      created: EPOCH,
      architecture,
      os,
      ...(variant === undefined ? {} : { variant }),
      config: Object.keys(labels).length > 0 ? { Labels: labels } : {},
      rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
      history: [{ created: EPOCH, created_by: "sandbox stand-in for the Docker provider" }],
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: descriptor("application/vnd.oci.image.config.v1+json", config),
      layers: [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
    }),
  );
  const blobs = new Map([config, layer, manifest].map((blob) => [digestOf(blob), blob] as const));
  return { digest: digestOf(manifest), blobs, manifest };
}

function descriptor(mediaType: string, content: Buffer) {
  return { mediaType, digest: digestOf(content), size: content.length };
}

/** The folder form that OCI tools push from: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export function writeLayout(folder: string, image: OciImage): void {
  const blobs = path.join(folder, "blobs", "sha256");
  fs.mkdirSync(blobs, { recursive: true });
  for (const [digest, content] of image.blobs) {
    fs.writeFileSync(path.join(blobs, digest.slice("sha256:".length)), content);
  }
  const manifest = descriptor("application/vnd.oci.image.manifest.v1+json", image.manifest);
  fs.writeFileSync(path.join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  fs.writeFileSync(path.join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
}
