import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { BLOCKS } from "./blocks";
import { withBlock } from "./markdown";

/** Writes what commands print into the README: `npm run readme`. */
const file = path.join(__dirname, "..", "..", "README.md");
let text = readFileSync(file, "utf8");
for (const [name, block] of Object.entries(BLOCKS)) text = withBlock(text, name, block());
writeFileSync(file, text);
