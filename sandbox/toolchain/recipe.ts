import type { ToolName } from "./names";
import type { Located } from "./on-path";

/** One way to get one or more tools that come together. */
export interface Recipe {
  readonly title: string;
  readonly tools: readonly ToolName[];
  /** What the machine already has and can be used. */
  existing(): Promise<Located | undefined>;
  /** What an earlier call left in the cache. */
  cached(): Promise<Located | undefined>;
  obtain(report: (detail: string) => void): Promise<Located>;
}
