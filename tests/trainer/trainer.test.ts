import { spawnSync } from "node:child_process";
import * as path from "node:path";

/** The trainer's own unit tests, which need nothing but Python 3.11: what runs in pods is tested by the run layer. */
describe("the trainer", () => {
  it("passes its unit tests", () => {
    const { status, stderr } = spawnSync("python3", ["-m", "unittest", "discover", "-t", ".", "-s", "tests"], {
      cwd: path.resolve("images", "trainer"),
      encoding: "utf8",
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    expect({ status, said: status === 0 ? "" : stderr }).toEqual({ status: 0, said: "" });
    // A run that finds no test ends well too.
    expect(stderr).toMatch(/Ran [1-9]\d* tests/);
  });
});
