import { kaitoPresets } from "../../components/plan/catalogue/kaito-served-models";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS, type KaitoVersionFacts } from "../../components/plan/catalogue/kaito-versions";
import { markdownTable } from "./markdown";

const VERSIONS = Object.keys(KAITO_VERSION_FACTS) as DrivenKaitoVersion[];
const CHANNELS: Readonly<Record<KaitoVersionFacts["channel"], string>> = { "add-on": "AKS add-on", chart: "Helm chart", unreleased: "not released" };

/** What each version of KAITO is known to do, as tuning, serving and the operator go by it. */
export function kaitoVersionsTable(): string {
  const heads = ["Version", "Channel", "Tunes", "Serves", "InferenceSet", "Nodes of your own", "Retires next"];
  return markdownTable(heads, VERSIONS.map(row));
}

function row(version: DrivenKaitoVersion): string[] {
  const facts: KaitoVersionFacts = KAITO_VERSION_FACTS[version];
  const { channel, chart, tunablePresets, retiringPresets, inferenceSetApi, source } = facts;
  return [
    `[${version}](${source})`,
    chart === undefined ? CHANNELS[channel] : `${CHANNELS[channel]} ${chart}`,
    listed(tunablePresets),
    facts.serves === "presets" ? `${kaitoPresets(version).length} presets: ${kaitoPresets(version).join(", ")}` : "any model of Hugging Face by its id",
    inferenceSetApi === undefined ? "no: a Workspace a copy" : `\`${inferenceSetApi}\``,
    ownNodes(facts),
    retiringPresets.length === 0 ? "nothing known" : listed(retiringPresets),
  ];
}

/** Tuning needs labels on nodes beside a provisioner, serving a KAITO that makes none. */
function ownNodes({ ownNodes: { byLabels, byoInstanceType }, nodeProvisioners }: KaitoVersionFacts): string {
  const tuning = byLabels ? "tune by labels" : "do not tune";
  const serves = nodeProvisioners.includes("byo");
  const filtered = byoInstanceType === "filter" ? ", narrowed by the size" : "";
  return `${tuning}, ${serves ? `serve with \`byo\`${filtered}` : "do not serve"}`;
}

function listed(presets: readonly string[]): string {
  return presets.join(", ");
}
