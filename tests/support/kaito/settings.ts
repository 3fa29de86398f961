import { rmSync } from "node:fs";
import { writeAtomically } from "../../../sandbox/files";
import { sandboxHome } from "../../../sandbox/home";
import type { KaitoSettings } from "../../../sandbox/kaito/operator/settings";

/** Makes KAITO in a sandbox as slow and as unlucky as a test needs it, from its next look on; nothing makes it quick and lucky again. */
export function setKaito(home: string, settings?: KaitoSettings): void {
  const file = sandboxHome(home).kaito;
  if (settings === undefined) rmSync(file, { force: true });
  else writeAtomically(file, JSON.stringify(settings));
}
