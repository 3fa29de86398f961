import { spawn } from "node:child_process";
import { devStack, inSandbox, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

/** What a killed `pulumi up` leaves is put right by running the demo again, wherever it was killed. */
describe("an update that was killed", () => {
  let sandbox: TestSandbox;
  let stack: TestStack;

  beforeEach(() => {
    sandbox = startSandbox("simulated");
    stack = devStack(sandbox);
  }, 900_000);
  afterEach(() => {
    sandbox.down();
  }, 120_000);

  /** Runs `pulumi up` until it prints a line that matches, then kills it as a crash would. */
  function killedAt(line: RegExp): Promise<string> {
    const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
      env: sandbox.environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (line.test(said)) child.kill("SIGKILL");
    });
    return new Promise((resolve) => child.once("close", (code) => { resolve(code === null ? "killed" : said); }));
  }

  it.each([
    ["while Azure makes the cluster", /ManagedCluster ai creating/],
    ["while Kubernetes makes the team's namespace", /Namespace support creating/],
    ["while Kubernetes makes the run's Jobs", /Job tickets-\w+ creating/],
  ])("%s is finished by the demo, which leaves nothing pending or locked", async (_, line) => {
    expect(await killedAt(line)).toBe("killed");
    // Its lock is in the way of the next, or its half-written state is.
    const next = stack.pulumi("up", "--yes", "--skip-preview");
    expect(next.output).toMatch(/currently locked|failed to load checkpoint/);

    const demo = inSandbox(sandbox.home, [], undefined, "demo", ["--simulated"]);
    expect({ code: demo.code, said: demo.code === 0 ? "" : demo.stderr }).toEqual({ code: 0, said: "" });
    const preview = stack.pulumi("preview", "--expect-no-changes");
    expect({ code: preview.code, output: preview.code === 0 ? "" : preview.output }).toEqual({ code: 0, output: "" });
    expect(stack.pulumi("destroy", "--yes", "--skip-preview").code).toBe(0);
  }, 600_000);
});
