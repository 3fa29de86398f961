import * as fs from "node:fs";
import type { Home } from "../home";
import { markedProcesses } from "../process-identity";
import { processRecords } from "../processes";
import { type Progress, silentProgress } from "../progress";
import { alone } from "./alone";
import { evictJobPods } from "./nodes/evict-job-pods";
import { realNodesHolder } from "./machine/real-nodes";
import { deleteHome, stopEverything } from "./teardown";

/** Stops every process of the home; its state stays, and the next start brings the same cluster back. */
export async function sandboxDown(home: Home, progress: Progress = silentProgress): Promise<void> {
  if (!isAnythingLeft(home)) return;
  await progress.step("Sandbox stopped", () =>
    alone(home, async () => {
      await evictJobPods(home);
      await stopEverything(home, hasRealNodes(home));
    }),
  );
}

/** Stops and forgets everything of the home; the machine-wide cache stays. */
export async function sandboxReset(home: Home, progress: Progress = silentProgress): Promise<void> {
  if (!isAnythingLeft(home) && !fs.existsSync(home.dir)) return;
  await progress.step("Sandbox forgotten", () =>
    alone(home, async () => {
      await stopEverything(home, hasRealNodes(home));
      await deleteHome(home);
    }),
  );
}

/** The run folder goes last when everything is stopped, and the lock before it. */
function isAnythingLeft(home: Home): boolean {
  return fs.existsSync(home.run) || processRecords(home).length > 0 || hasRealNodes(home) || markedProcesses(`${home.id}/`).length > 0;
}

function hasRealNodes(home: Home): boolean {
  return realNodesHolder() === home.dir;
}
