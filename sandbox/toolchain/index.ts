import type { Progress } from "../progress";
import type { ToolName } from "./names";
import type { Located } from "./on-path";
import type { Recipe } from "./recipe";
import { RECIPES } from "./recipes";
import { ToolUnavailable } from "./tool-unavailable";

export { isToolName, TOOL_NAMES, type ToolName } from "./names";
export { PAUSE_IMAGE } from "./pause";
export { ToolUnavailable } from "./tool-unavailable";

export interface AvailableTools {
  /** Absolute paths of those that are there. */
  readonly paths: Readonly<Located>;
  readonly unavailable: readonly ToolUnavailable[];
}

/**
 * Absolute paths of all `names`: from the PATH where what is there is new enough, else from the cache, else built or
 * unpacked into it, one after the other, for the Go compiler uses every core by itself.
 *
 * @throws {ToolUnavailable} for the first that cannot be had
 */
export async function ensureTools<N extends ToolName>(
  names: readonly N[],
  progress: Progress,
): Promise<Readonly<Record<N, string>>> {
  const { paths, unavailable } = await availableTools(names, progress);
  if (unavailable[0] !== undefined) throw unavailable[0];
  const complete = names.map((name) => [name, paths[name]]);
  return Object.fromEntries(complete) as Record<N, string>;
}

/** As `ensureTools`, for callers that can do without some of them. */
export async function availableTools(names: readonly ToolName[], progress: Progress): Promise<AvailableTools> {
  const wanted = RECIPES.filter((recipe) => recipe.tools.some((tool) => names.includes(tool)));
  const present = await Promise.all(wanted.map(presentTools));

  let paths: Located = {};
  const unavailable: ToolUnavailable[] = [];
  for (const [index, recipe] of wanted.entries()) {
    try {
      const located = present[index] ?? (await progress.step(recipe.title, (report) => recipe.obtain(report)));
      paths = { ...paths, ...located };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const missing = recipe.tools.filter((tool) => names.includes(tool));
      unavailable.push(...missing.map((tool) => new ToolUnavailable(tool, reason)));
    }
  }
  return { paths, unavailable };
}

async function presentTools(recipe: Recipe): Promise<Located | undefined> {
  return (await recipe.existing()) ?? (await recipe.cached());
}
