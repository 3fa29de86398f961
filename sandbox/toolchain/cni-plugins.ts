import * as path from "node:path";
import { isExecutable, type Located } from "./on-path";

/** Where distributions and cluster installers put them. */
const FOLDERS = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

const NEEDED = ["bridge", "host-local", "loopback", "portmap"];

export async function existingCniPlugins(): Promise<Located | undefined> {
  for (const folder of FOLDERS) {
    const present = await Promise.all(NEEDED.map((name) => isExecutable(path.join(folder, name))));
    if (present.every(Boolean)) return { "cni-plugins": folder };
  }
  return undefined;
}
