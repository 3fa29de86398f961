import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";

/** One layer of an OCI image: a compressed tar file named by its digest. */
export interface Layer {
  readonly file: string;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
}

/**
 * Modification time of every file in every layer: equal content makes equal layers. Python's compiled files record the
 * time of their sources, so sources get the same one before they are compiled.
 */
export const FILE_TIME_SECONDS = 315_532_800;

/** Nodes unpack zstd several times faster than gzip; containerd takes it since 1.5. */
const LEVEL = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs the content of `folder` into `target`, owned by root and in name order. */
export async function packLayer(folder: string, target: string): Promise<Layer> {
  const tar = spawn(
    "tar",
    [
      ...["--create", "--format=gnu", "--sort=name", "--numeric-owner", "--owner=0", "--group=0"],
      // Weights are written readable for their owner only, and containers run under another user.
      ...[`--mtime=@${FILE_TIME_SECONDS}`, "--mode=a+rX,go-w", `--directory=${folder}`, "."],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once("error", reject);
    tar.once("close", resolve);
  });
  const diff = digesting();
  const packed = digesting();
  await pipeline(tar.stdout, diff.stream, zlib.createZstdCompress(LEVEL), packed.stream, fs.createWriteStream(target));
  const code = await ended;
  if (code !== 0) throw new Error(`tar of ${folder} ended with exit code ${code}`);
  return { file: target, digest: packed.digest(), diffId: diff.digest(), size: fs.statSync(target).size };
}

/** A layer that was packed before, described by the JSON file beside it. */
export function describedLayer(target: string): Layer {
  const description = JSON.parse(fs.readFileSync(`${target}.json`, "utf8")) as Omit<Layer, "file">;
  return { ...description, file: target };
}

export async function packDescribedLayer(folder: string, target: string): Promise<Layer> {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const { file, ...description } = await packLayer(folder, target);
  fs.writeFileSync(`${file}.json`, JSON.stringify(description));
  return { file, ...description };
}

interface Digesting {
  readonly stream: Transform;
  digest(): string;
}

function digesting(): Digesting {
  const hash = createHash("sha256");
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, digest: () => `sha256:${hash.digest("hex")}` };
}
