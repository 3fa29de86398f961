import * as path from "node:path";
import { leftInAzure } from "../../support/engine-steps";
import { setKaito } from "../../support/kaito/settings";
import { type ProgramStack, programStack } from "../../support/program-stack";
import { type Finished, startSandbox, type TestSandbox } from "../../support/sandbox";

const PROGRAM = path.resolve(__dirname, "operator-program");

describe("KAITO's operator on the real engine", () => {
  let sandbox: TestSandbox;
  let stack: ProgramStack;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    stack = programStack(sandbox, PROGRAM, "operator");
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  const deployed = (): string => succeeded(stack.pulumi("up", "--yes", "--skip-preview"));
  const kubectl = (...args: readonly string[]): string => succeeded(sandbox.run(["kubectl", ...args])).trim();
  const names = (kind: string, namespace: string): string => kubectl("get", kind, "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}");

  it("stands behind guards, and its provisioner with it, with a role of its own", () => {
    deployed();
    expect(names("deployments", "kaito-workspace")).toBe("kaito-workspace");
    expect(names("deployments", "gpu-provisioner")).toBe("gpu-provisioner");
    expect(names("daemonsets", "kaito-workspace")).toBe("");
    const label = "jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}";
    expect(kubectl("get", "namespace", "gpu-provisioner", "-o", label)).toBe("restricted");
    expect(leftInAzure(sandbox).filter((each) => each.startsWith("roleDefinitions/"))).toHaveLength(1);
    expect(succeeded(stack.pulumi("preview", "--expect-no-changes"))).toMatch(/unchanged/);
  }, 600_000);

  it("asks no more of its namespace than it must, and is upgraded in place", () => {
    stack.set("localDisks", false);
    expect(deployed()).toMatch(/updated/);
    const label = "jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}";
    expect(kubectl("get", "namespace", "kaito-workspace", "-o", label)).toBe("restricted");
    expect(names("deployments", "kaito-workspace")).toBe("kaito-workspace");
  }, 600_000);

  it("goes after its Workspaces, however slowly those end, before its provisioner, and leaves nothing in Azure", () => {
    setKaito(sandbox.home, { deletionSeconds: 10 });
    const output = succeeded(stack.pulumi("destroy", "--yes", "--skip-preview"));
    const deleted = output.split("\n").filter((line) => / deleted /.test(line));
    const at = (what: RegExp): number => deleted.findIndex((line) => what.test(line));
    const order = [/kaito\.sh.*Workspace phi/, /Release kaito /, /Release kaito-provisioner/, /RoleAssignment kaito-provisioner/, /RoleDefinition kaito-provisioner/].map(at);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order[0]).toBeGreaterThanOrEqual(0);
    expect(leftInAzure(sandbox)).toEqual([]);
  }, 600_000);
});

function succeeded({ code, output }: Finished): string {
  if (code !== 0) throw new Error(output);
  return output;
}
