import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { destroy, emptyPreview, failure, leftInAzure, plannedChanges, up } from "../support/engine-steps";
import { devStack, image, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

const TICKETS = path.resolve("examples/support-bot/tickets.jsonl");

describe("the dev stack on the real engine", () => {
  let sandbox: TestSandbox;
  let stack: TestStack;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    stack = devStack(sandbox);
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  function runId(): string {
    return stack.pulumi("stack", "output", "runId").output.trim();
  }

  it("comes up, and a second preview plans nothing", () => {
    expect(failure(up(stack))).toBe("");
    expect(failure(emptyPreview(stack))).toBe("");
  }, 300_000);

  it("shows the record that a run writes at the next preview, without planning a change", () => {
    const patch = JSON.stringify({ data: { state: "tuning", step: "7", runId: runId() } });
    sandbox.run(["kubectl", "patch", "configmap", "tickets", "-n", "support", "--type", "merge", "-p", patch]);
    const preview = stack.pulumi("preview", "--expect-no-changes");
    expect(preview.output).toMatch(/step\s*: "7"/);
    expect(preview.code).toBe(0);
  }, 120_000);

  it("rolls out the adapter that a run has pushed, and changes nothing else", () => {
    const digest = `sha256:${"b".repeat(64)}`;
    const patch = JSON.stringify({ data: { state: "succeeded", adapterDigest: digest } });
    sandbox.run(["kubectl", "patch", "configmap", "tickets", "-n", "support", "--type", "merge", "-p", patch]);
    expect(plannedChanges(stack)).toEqual(["update kubernetes:apps/v1:Deployment tickets"]);
  }, 120_000);

  it("makes another trainer image no new run", () => {
    stack.set("trainerImage", image("trainerimage", "c"));
    expect(plannedChanges(stack).filter((change) => change.includes("batch/v1"))).toEqual([]);
    stack.set("trainerImage", image("trainerimage", "a"));
  }, 120_000);

  it("makes another dataset a new run: its objects beside the old one's, which then go", () => {
    const before = runId();
    const file = path.join(sandbox.home, "other.jsonl");
    writeFileSync(file, readFileSync(TICKETS, "utf8").split("\n").slice(1).join("\n"));
    stack.set("dataset", file);
    const jobs = plannedChanges(stack).filter((change) => change.includes("batch/v1:Job"));
    const created = jobs.filter((change) => change.startsWith("create "));
    const deleted = jobs.filter((change) => change.startsWith("delete "));
    expect(created).toHaveLength(2);
    expect(created.every((change) => !change.includes(before))).toBe(true);
    expect(deleted.sort()).toEqual([
      `delete kubernetes:batch/v1:Job tickets-${before}`,
      `delete kubernetes:batch/v1:Job tickets-${before}-preflight`,
    ]);
    stack.set("dataset", "examples/support-bot/tickets.jsonl");
  }, 120_000);

  it("replaces the pool alone when its size changes, the new one before the old one goes", () => {
    stack.set("pools", { gpu: { priority: "Regular", maxNodes: 2 } });
    expect(plannedChanges(stack).filter((change) => change.startsWith("replace"))).toEqual([
      "replace azure-native:containerservice:AgentPool gpu",
    ]);
    const replaced = up(stack);
    expect(failure(replaced)).toBe("");
    const { output } = replaced;
    const created = output.search(/AgentPool gpu creat(?:ing|ed) replacement/);
    const deleted = output.search(/AgentPool gpu delet(?:ing|ed) original/);
    expect({ created: created >= 0, after: deleted > created }).toEqual({ created: true, after: true });
  }, 180_000);

  it("grows the pool in place", () => {
    stack.set("pools", { gpu: { priority: "Regular", maxNodes: 3 } });
    expect(plannedChanges(stack)).toEqual([
      "update aks-fine-tuning:index:GpuNodePool gpu",
      "update azure-native:containerservice:AgentPool gpu",
    ]);
    stack.set("pools", { gpu: { priority: "Regular", maxNodes: 2 } });
  }, 120_000);

  it("keeps every secret out of state", () => {
    const { output } = stack.pulumi("stack", "export");
    expect(output).not.toMatch(/client-key-data|PRIVATE KEY|"token":\s*"ey/);
    expect(output).toContain("kubelogin");
  }, 60_000);

  it("is destroyed to nothing: the dev stack retains nothing on purpose", () => {
    expect(failure(destroy(stack))).toBe("");
    expect(stack.resources().map(({ urn }) => urn)).toEqual([]);
    expect(leftInAzure(sandbox)).toEqual([]);
    const namespaces = sandbox.run(["kubectl", "get", "namespaces", "-o", "name"]).output;
    expect(namespaces).not.toMatch(/support/);
  }, 300_000);
});
