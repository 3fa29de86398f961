import { DEFAULT_PARAMETERS } from "../../policy/parameters";
import { schema } from "../../policy/schema";
import { markdownTable } from "./markdown";

/** Parameters of the policy pack, with their defaults. */
export function policyParametersTable(): string {
  const rows = Object.entries(schema(DEFAULT_PARAMETERS).properties).map(([name, { description = "", default: fallback }]) => [
    `\`${name}\``,
    description,
    fallback === "" ? "today" : `\`${JSON.stringify(fallback)}\``,
  ]);
  return markdownTable(["Parameter", "What it says", "Default"], rows);
}
