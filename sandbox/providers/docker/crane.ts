import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ProviderError } from "../provider-errors";
import { type OciImage, writeLayout } from "./oci-image";

export interface Credentials {
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Pushes with go-containerregistry, which speaks plain HTTP to loopback and private addresses only. Without credentials
 * those of the Docker configuration count, as with the official provider.
 */
export async function push(
  crane: string,
  image: OciImage,
  imageName: string,
  credentials: Credentials | undefined,
  signal: AbortSignal,
): Promise<void> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "image-"));
  try {
    const layout = path.join(work, "layout");
    writeLayout(layout, image);
    const env = { ...process.env, ...(credentials ? { DOCKER_CONFIG: dockerConfig(work, credentials) } : {}) };
    await run(crane, ["push", layout, imageName], env, signal);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function dockerConfig(work: string, { server, username, password }: Credentials): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const host = server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  fs.writeFileSync(path.join(work, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  return work;
}

function run(crane: string, args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(crane, args, { env, signal, timeout: 600_000 }, (error, _stdout, stderr) => {
      if (error === null) { resolve(); return; }
      const lines = stderr.trim().split("\n").filter((line) => line !== "");
      reject(new ProviderError(`pushing ${args.at(-1) ?? ""}: ${lines.at(-1) ?? error.message}`));
    });
  });
}
