import { size } from "../../cli/size/size";
import { accuracyTable } from "./accuracy";
import { kaitoEditsTable } from "./kaito-edits";
import { kaitoModelsTable } from "./kaito-models";
import { kaitoVersionsTable } from "./kaito-versions";
import { policyParametersTable } from "./policy-parameters";
import { policyRulesTable } from "./policy-rules";

const SIZE_ARGUMENTS = ["--model", "Qwen2.5-7B-Instruct", "--method", "qlora", "--sequence-length", "2048"];

type Blocks = Readonly<Record<string, () => string>>;

/** What a README shows of commands and tables, by its path and by the name of the place where it stands. */
export const BLOCKS: Readonly<Record<string, Blocks>> = {
  "README.md": {
    "size-screen": () => `\`\`\`text\n$ npx aks-fine-tuning size ${SIZE_ARGUMENTS.join(" ")}\n${size(SIZE_ARGUMENTS).trimEnd()}\n\`\`\``,
    accuracy: accuracyTable,
    "kaito-models": kaitoModelsTable,
  },
  "docs/kaito.md": { "kaito-versions": kaitoVersionsTable, "kaito-edits": kaitoEditsTable },
  "policy/README.md": { "policy-parameters": policyParametersTable, "policy-rules": policyRulesTable },
};
