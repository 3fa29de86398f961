import { readFileSync } from "node:fs";
import * as path from "node:path";
import { BLOCKS } from "./blocks";
import { withBlock } from "./markdown";

const PLACES = Object.entries(BLOCKS).flatMap(([readme, blocks]) => Object.entries(blocks).map(([name, block]) => ({ readme, name, block })));

describe("the READMEs", () => {
  it.each(PLACES)("$readme shows in $name what is there; npm run readme writes it anew", ({ readme, name, block }) => {
    const text = readFileSync(path.join(__dirname, "..", "..", readme), "utf8");
    expect(text).toBe(withBlock(text, name, block()));
  });
});
