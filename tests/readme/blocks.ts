import { size } from "../../cli/size/size";
import { accuracyTable } from "./accuracy";
import { kaitoModelsTable } from "./kaito-models";

const SIZE_ARGUMENTS = ["--model", "Qwen2.5-7B-Instruct", "--method", "qlora", "--sequence-length", "2048"];

/** What the README shows of commands, by the name of the place where it stands. */
export const BLOCKS: Readonly<Record<string, () => string>> = {
  "size-screen": () => `\`\`\`text\n$ npx aks-fine-tuning size ${SIZE_ARGUMENTS.join(" ")}\n${size(SIZE_ARGUMENTS).trimEnd()}\n\`\`\``,
  accuracy: accuracyTable,
  "kaito-models": kaitoModelsTable,
};
