import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { BLOCKS } from "./blocks";
import { withBlock } from "./markdown";

/** Writes what commands print into the READMEs: `npm run readme`. */
for (const [readme, blocks] of Object.entries(BLOCKS)) {
  const file = path.join(__dirname, "..", "..", readme);
  let text = readFileSync(file, "utf8");
  for (const [name, block] of Object.entries(blocks)) text = withBlock(text, name, block());
  writeFileSync(file, text);
}
