import { wholeNumber } from "../recipe";
import { type Problem, within } from "../refuse";

/**
 * A scheduled deletion of old tags with `acr purge`. It takes no locked manifest, so no adapter that a run has pushed; what else is pinned
 * by digest is safe only while its tag is among those kept.
 * https://learn.microsoft.com/azure/container-registry/container-registry-auto-purge
 */
export interface PurgeDecisions {
  /** Age in days from which tags are deleted. @default 90 */
  readonly olderThanDays?: number;
  /** Newest tags of each repository that stay whatever their age. @default 10 */
  readonly keep?: number;
  /** Which tags: regular expressions for repository and tag, with a colon between them. @default [".*:.*"] */
  readonly filters?: readonly string[];
  /** Delete manifests that no tag names as well. Whatever is pinned by digest alone and not locked is then lost. @default false */
  readonly untagged?: boolean;
  /** Cron expression of five fields, in UTC. @default "0 3 * * Sun" */
  readonly schedule?: string;
  /** Only write to the task's log what would be deleted. @default false */
  readonly dryRun?: boolean;
  /**
   * Let tasks of this registry through its closed network, which Azure denies unless it is asked to:
   * https://learn.microsoft.com/azure/container-registry/manage-network-bypass-policy-for-tasks. @default false
   */
  readonly networkBypass?: boolean;
}

export interface PurgePlan {
  readonly schedule: string;
  /** Base64 of the task's YAML. */
  readonly encodedTask: string;
  readonly networkBypass: boolean;
}

const TIMEOUT_SECONDS = 3600;

export function planPurge(decisions: PurgeDecisions): PurgePlan {
  const { schedule = "0 3 * * Sun", networkBypass = false } = decisions;
  return { schedule, networkBypass, encodedTask: Buffer.from(purgeTask(decisions)).toString("base64") };
}

/** The task as Azure reads it: https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml */
export function purgeTask({ olderThanDays = 90, keep = 10, filters = [".*:.*"], untagged = false, dryRun = false }: PurgeDecisions): string {
  const command = [
    "acr purge",
    ...filters.map((filter) => `--filter '${filter}'`),
    `--ago ${olderThanDays}d`,
    `--keep ${keep}`,
    ...(untagged ? ["--untagged"] : []),
    ...(dryRun ? ["--dry-run"] : []),
  ].join(" ");
  return `version: v1.1.0\nsteps:\n  - cmd: ${command}\n    disableWorkingDirectoryOverride: true\n    timeout: ${TIMEOUT_SECONDS}\n`;
}

/** A repository and a tag, each a regular expression; quotes and blanks would end the argument. */
const FILTER = /^[^\s'":]+:[^\s'":]+$/;
const CRON_FIELD = /^[0-9A-Za-z*,/-]+$/;

/** `closed`: only private endpoints and listed addresses reach the registry, and tasks run elsewhere. */
export function purgeProblems(purge: PurgeDecisions, closed: boolean): Problem[] {
  const { olderThanDays = 90, keep = 10, filters = [".*:.*"], schedule = "0 3 * * Sun", networkBypass = false } = purge;
  return within("purge", [
    ...wholeNumber("AKSFT-REG-08", "olderThanDays", olderThanDays, 1, 3650),
    ...wholeNumber("AKSFT-REG-08", "keep", keep, 1, 1000),
    ...filterProblems(filters),
    ...scheduleProblems(schedule),
    ...(closed && !networkBypass ? [bypassProblem] : []),
  ]);
}

function filterProblems(filters: readonly string[]): Problem[] {
  const fix = 'use for example "adapters/.*:.*"';
  if (filters.length === 0) return [{ code: "AKSFT-REG-09", path: "filters", got: filters, rule: "names no tag to delete", fix }];
  const rule = "needs a regular expression for the repository, a colon and one for the tag, without blanks and quotes";
  return filters.flatMap((filter, index): Problem[] =>
    FILTER.test(filter) ? [] : [{ code: "AKSFT-REG-09", path: `filters[${index}]`, got: filter, rule, fix }],
  );
}

function scheduleProblems(schedule: string): Problem[] {
  const fields = schedule.split(" ");
  if (fields.length === 5 && fields.every((field) => CRON_FIELD.test(field))) return [];
  const rule = `needs the five fields of a cron expression, minute to day of the week, has ${fields.length}`;
  return [{ code: "AKSFT-REG-10", path: "schedule", got: schedule, rule, fix: 'use for example "0 3 * * Sun"' }];
}

const bypassProblem: Problem = {
  code: "AKSFT-REG-11",
  path: "networkBypass",
  got: false,
  rule: "tasks run outside the networks that reach this registry, and Azure lets none in unless the registry says so",
  fix: "set networkBypass: true, or remove purge and delete old tags from a machine inside the network",
};
