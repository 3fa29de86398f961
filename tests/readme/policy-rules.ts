import { AREAS } from "../../policy/rules";
import { enforcementOf, type Rule } from "../../policy/rule";
import { markdownTable } from "./markdown";

/** Every rule of the policy pack by what it looks at: what must hold, how much it matters, and who else asks for it. */
export function policyRulesTable(): string {
  return Object.entries(AREAS)
    .map(([area, rules]) => `### ${area}\n\n${markdownTable(["Rule", "What must hold", "Severity", "Source"], rules.map(row))}`)
    .join("\n\n");
}

function row(rule: Rule): string[] {
  const { name, description, severity, url, ids = [], production } = rule;
  const level = enforcementOf(rule) === "mandatory" ? `**${severity}**` : severity;
  return [`\`${name}\``, description, `${level}${production ? ", production" : ""}`, `[${ids.join(", ") || "page"}](${url})`];
}
