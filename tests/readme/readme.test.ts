import { readFileSync } from "node:fs";
import * as path from "node:path";
import { BLOCKS } from "./blocks";
import { withBlock } from "./markdown";

const README = readFileSync(path.join(__dirname, "..", "..", "README.md"), "utf8");

describe("the README", () => {
  it.each(Object.keys(BLOCKS))("shows in %s what its command prints; npm run readme writes it anew", (name) => {
    expect(README).toBe(withBlock(README, name, BLOCKS[name]?.() ?? ""));
  });
});
