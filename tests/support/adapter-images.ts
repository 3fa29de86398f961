import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";

/** An adapter's image as a client that is none of ours reads it. */
export interface PulledAdapter {
  readonly mediaType: string;
  /** Media types of its layers. */
  readonly layers: readonly string[];
  /** Name of the base model, where KAITO looks for it. */
  readonly model: string | undefined;
  /** Whether the configuration's one diff id is the digest of the uncompressed layer. */
  readonly diffIdHolds: boolean;
  /** Files in it, folders left out. */
  readonly files: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the tensors. */
  readonly tensors: readonly string[];
}

/** Reads an image by reference, without TLS. */
export type Pull = (reference: string) => PulledAdapter;

interface Manifest {
  readonly mediaType: string;
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const MEBIBYTES = 2 ** 26;

/** Clients that this machine has: crane is the sandbox's own, skopeo is what KAITO's puller is. */
export function clients(environment: NodeJS.ProcessEnv): readonly (readonly [name: string, pull: Pull])[] {
  const has = (program: string) => (environment["PATH"] ?? "").split(":").some((folder) => existsSync(path.join(folder, program)));
  return [["crane", byCrane(environment)] as const, ...(has("skopeo") ? [["skopeo", bySkopeo(environment)] as const] : [])];
}

function byCrane(env: NodeJS.ProcessEnv): Pull {
  const crane = (...args: readonly string[]) => execFileSync("crane", args, { env, maxBuffer: MEBIBYTES });
  return (reference) => {
    const manifest = JSON.parse(crane("manifest", reference).toString()) as Manifest;
    const [repository = ""] = reference.split("@");
    const layer = zlib.gunzipSync(crane("blob", `${repository}@${manifest.layers[0]?.digest ?? ""}`));
    // What a container would see, by the client's own reading of the layer.
    return described(manifest, crane("config", reference).toString(), layer, crane("export", reference, "-"));
  };
}

/** https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/image/puller.sh: the whole image into a folder, layers decompressed. */
function bySkopeo(env: NodeJS.ProcessEnv): Pull {
  return (reference) =>
    inScratch((folder) => {
      execFileSync("skopeo", ["copy", "--src-tls-verify=false", "--dest-decompress", `docker://${reference}`, `dir:${folder}`], { env, stdio: "pipe" });
      const file = (name: string) => readFileSync(path.join(folder, name));
      const copied = JSON.parse(file("manifest.json").toString()) as Manifest;
      const pushed = JSON.parse(execFileSync("skopeo", ["inspect", "--raw", "--tls-verify=false", `docker://${reference}`], { env }).toString()) as Manifest;
      const layer = file(hexOf(copied.layers[0]?.digest));
      return described(pushed, file(hexOf(copied.config.digest)).toString(), layer, layer);
    });
}

const hexOf = (digest = ""): string => digest.replace("sha256:", "");

function described(manifest: Manifest, config: string, layer: Buffer, tree: Buffer): PulledAdapter {
  const { rootfs } = JSON.parse(config) as { readonly rootfs: { readonly diff_ids: readonly string[] } };
  const diffId = `sha256:${createHash("sha256").update(layer).digest("hex")}`;
  return inScratch((folder) => {
    const archive = path.join(folder, "tree.tar");
    writeFileSync(archive, tree);
    const tar = (...args: readonly string[]) => execFileSync("tar", [...args], { maxBuffer: MEBIBYTES });
    // A client may leave out the stroke at the end of a folder's name.
    const names = tar("-tf", archive).toString().split("\n").filter(Boolean).map((name) => name.replace(/\/$/, ""));
    const files = names.filter((name) => !names.some((other) => other.startsWith(`${name}/`))).sort();
    const weights = tar("-xOf", archive, "data/adapter_model.safetensors");
    const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE())).toString()) as object;
    return {
      mediaType: manifest.mediaType,
      layers: manifest.layers.map(({ mediaType }) => mediaType),
      model: manifest.annotations?.["sh.kaito.model.name"],
      diffIdHolds: rootfs.diff_ids.length === 1 && rootfs.diff_ids[0] === diffId,
      files,
      config: JSON.parse(tar("-xOf", archive, "data/adapter_config.json").toString()) as Record<string, unknown>,
      tensors: Object.keys(header).filter((name) => name !== "__metadata__"),
    };
  });
}

const PUSH = `
import sys
from pathlib import Path
from trainer.adapter_image import pack
from trainer.registry import Repository
adapter, work, registry, repository, tag, model = sys.argv[1:]
image, target = pack(Path(adapter), Path(work), {"sh.kaito.model.name": model}), Repository(registry, repository)
for blob in (image.layer, image.config):
    target.push_blob(blob.path, blob.digest)
print(target.push_manifest(image.manifest, tag))
`;

/** Packs and pushes an adapter with the trainer's own code, and gives its digest; the weights are one small matrix. */
export function pushByTrainer(registry: string, repository: string, model: string): string {
  return inScratch((adapter) =>
    inScratch((work) => {
      writeFileSync(path.join(adapter, "adapter_config.json"), JSON.stringify({ peft_type: "LORA", r: 16, base_model_name_or_path: model }));
      const header = Buffer.from(JSON.stringify({ "layers.0.lora_A.weight": { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] } }));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      writeFileSync(path.join(adapter, "adapter_model.safetensors"), Buffer.concat([length, header, Buffer.alloc(8)]));
      const args = ["-c", PUSH, adapter, work, registry, repository, "run", model];
      return execFileSync("python3", args, { cwd: path.resolve("images/trainer"), encoding: "utf8" }).trim();
    }),
  );
}

function inScratch<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-adapter-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
