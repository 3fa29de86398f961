import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { standInOn } from "../support/azure-stand-in";
import type { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { type Existing, furnish } from "./existing";

export type { Existing } from "./existing";

/** The stand-in for Azure in this process, on a subscription that starts the same every time. */
export interface Cloud {
  readonly existing: Existing;
  /** Forgets what was made since the beginning. */
  fresh(): AzureNativeStandIn;
  close(): void;
}

/** State in memory where the machine has such a folder: what it survives is not under test. */
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();

export async function openCloud(): Promise<Cloud> {
  const folder = mkdtempSync(path.join(FOLDER, "properties-"));
  const state = path.join(folder, "state.json");
  const open = (): AzureNativeStandIn => standInOn(state);
  const existing = await furnish(open());
  const beginning = readFileSync(state);
  return {
    existing,
    fresh: () => {
      writeFileSync(state, beginning);
      return open();
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
