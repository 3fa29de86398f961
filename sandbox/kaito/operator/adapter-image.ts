import { createHash } from "node:crypto";
import * as zlib from "node:zlib";

/** An adapter as KAITO pushes one: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/image/README.md */
export interface AdapterImage {
  readonly blobs: readonly Buffer[];
  readonly manifest: Buffer;
  readonly digest: string;
}

export interface AdapterFacts {
  /** Preset that was trained, as the Workspace names it. */
  readonly preset: string;
  readonly rank: number;
  /** Differs with each run, as weights would. */
  readonly seed: string;
}

export const SIMULATED_ANNOTATION = "dev.aks-fine-tuning.sandbox.simulated";

/** One gzip layer with two files in a folder `data`; nothing was trained, and an annotation of the sandbox's own says so. */
export function adapterImage({ preset, rank, seed }: AdapterFacts): AdapterImage {
  const config = { peft_type: "LORA", task_type: "CAUSAL_LM", base_model_name_or_path: "/workspace/tfs/weights", r: rank, lora_alpha: rank, target_modules: ["qkv_proj", "o_proj"] };
  const tar = tarOf([
    ["data/", undefined],
    ["data/adapter_config.json", Buffer.from(JSON.stringify(config))],
    ["data/adapter_model.safetensors", safetensors(rank, seed)],
  ]);
  const layer = zlib.gzipSync(tar, { level: 9 });
  const about = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [digestOf(tar)] } }));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(about), size: about.length },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digestOf(layer), size: layer.length }],
      annotations: { "sh.kaito.model.name": preset, [SIMULATED_ANNOTATION]: "true" },
    }),
  );
  return { blobs: [about, layer], manifest, digest: digestOf(manifest) };
}

export function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** https://huggingface.co/docs/safetensors/#format: two small matrices, told apart by the seed. */
function safetensors(rank: number, seed: string): Buffer {
  const size = 8 * rank * 4;
  const name = "base_model.model.model.layers.0.self_attn.qkv_proj";
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: "pt", seed },
      [`${name}.lora_A.weight`]: { dtype: "F32", shape: [rank, 8], data_offsets: [0, size] },
      [`${name}.lora_B.weight`]: { dtype: "F32", shape: [8, rank], data_offsets: [size, 2 * size] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(2 * size)]);
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, "ustar Interchange Format". Folders have no content. */
function tarOf(entries: readonly (readonly [name: string, content: Buffer | undefined])[]): Buffer {
  const blocks = entries.flatMap(([name, content]) => {
    const body = content ?? Buffer.alloc(0);
    return [header(name, body.length, content === undefined), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(name: string, size: number, folder: boolean): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  block.write(name, 0);
  block.write(`${octal(folder ? 0o755 : 0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0`, 100);
  block.write(`        ${folder ? "5" : "0"}`, 148);
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
