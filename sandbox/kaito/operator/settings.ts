import { readJson } from "../../files";
import type { Home } from "../../home";

/** How slow and how unlucky KAITO is in this sandbox: the file `kaito.json` of its home, read again at every look. */
export interface KaitoSettings {
  /** From asking for a node to its being there. @default 0 */
  readonly provisioningSeconds?: number;
  /** From deleting a Workspace or InferenceSet to its finalizer's going; its nodes go at once. @default 0 */
  readonly deletionSeconds?: number;
  /** How long a tuning pod trains. @default 1 */
  readonly tuningSeconds?: number;
  /** How long a serving pod loads its model before it is ready. @default 0 */
  readonly loadingSeconds?: number;
  /** How many pods of each tuning Job fail before one succeeds. @default 0 */
  readonly failedTuningPods?: number;
  /** Retries of a tuning Job, which KAITO leaves to Kubernetes. @default 6, that of Kubernetes */
  readonly retries?: number;
  /** Whether Azure has no machine of any size. @default false */
  readonly noCapacity?: boolean;
}

export type KnownSettings = Required<Omit<KaitoSettings, "retries">> & Pick<KaitoSettings, "retries">;

export function kaitoSettings(home: Home): KnownSettings {
  const defaults = { provisioningSeconds: 0, deletionSeconds: 0, tuningSeconds: 1, loadingSeconds: 0, failedTuningPods: 0, noCapacity: false };
  return { ...defaults, ...readJson<KaitoSettings>(home.kaito) };
}
