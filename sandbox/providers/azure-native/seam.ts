import * as fs from "node:fs";

/** Where the sandbox's cluster answers, written by the sandbox before the stand-in is used. */
export interface Seam {
  readonly apiServer: string;
  /** PEM in base64, as kubeconfigs hold it. */
  readonly caCertificate: string;
  readonly registryHost: string;
}

/** Read at every use, because the cluster may be set up anew while the stand-in runs. */
export function readSeam(file: string | undefined): Seam | undefined {
  if (file === undefined || !fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, "utf8")) as Seam;
}
