import type { ToolName } from "./names";

/** This machine has no such tool and no means of getting it; callers that can do without catch it. */
export class ToolUnavailable extends Error {
  constructor(
    readonly tool: ToolName,
    readonly reason: string,
  ) {
    super(`${tool} is not available: ${reason}`);
    this.name = "ToolUnavailable";
  }
}
