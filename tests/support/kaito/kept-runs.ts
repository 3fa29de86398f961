import { setTimeout as sleep } from "node:timers/promises";
import { namespaceOf, type NetworkNamespace } from "../packets";
import type { TestSandbox } from "../sandbox";

/** What a run writes of itself, as far as tests ask for it; every value is text. */
export type RunRecord = Readonly<Partial<{ state: string; runId: string; adapterDigest: string; adapterRank: string; paidSince: string; usd: string; reason: string }>>;

const KEEPER = "app.kubernetes.io/component=preflight";

/** Questions to the cluster about runs of KAITO's in one namespace, and what may befall them. */
export class KeptRuns {
  constructor(
    private readonly sandbox: TestSandbox,
    private readonly namespace: string,
  ) {}

  /** What a command says; one that fails is thrown. */
  run(...command: readonly string[]): string {
    const { code, output } = this.sandbox.run(command);
    if (code !== 0) throw new Error(output);
    return output;
  }

  kubectl(...args: readonly string[]): string {
    return this.run("kubectl", "-n", this.namespace, ...args);
  }

  create(object: object): void {
    this.send(["kubectl", "-n", this.namespace, "create", "-f", "-"], object);
  }

  /** By the API that a drained node's pods meet. */
  evict(pod: string): void {
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace: this.namespace } };
    this.send(["kubectl", "create", "--raw", `/api/v1/namespaces/${this.namespace}/pods/${pod}/eviction`, "-f", "-"], eviction);
  }

  private send(command: readonly string[], object: object): void {
    const { code, output } = this.sandbox.run(command, { input: JSON.stringify(object) });
    if (code !== 0) throw new Error(output);
  }

  /** Whether an account may do something, in kubectl's words. */
  may(account: string, verb: string, what: string): string {
    const as = `system:serviceaccount:${this.namespace}:${account}`;
    return this.sandbox.run(["kubectl", "auth", "can-i", verb, what, "-n", this.namespace, "--as", as]).output.trim();
  }

  record(name: string): RunRecord {
    const { code, output } = this.sandbox.run(["kubectl", "get", "configmap", name, "-n", this.namespace, "-o", "jsonpath={.data}"]);
    return code !== 0 || output === "" ? {} : (JSON.parse(output) as RunRecord);
  }

  /** The record of a run that has ended. */
  ended(name: string, runId: string): RunRecord | undefined {
    const record = this.record(name);
    return record.runId === runId && (record.state === "succeeded" || record.state === "failed") ? record : undefined;
  }

  workspaceState(name: string): string {
    return this.sandbox.run(["kubectl", "get", "workspaces.kaito.sh", name, "-n", this.namespace, "-o", "jsonpath={.status.state}"]).output;
  }

  keeperPod(runId: string): string | undefined {
    const selected = ["-l", `aks-fine-tuning.dev/run=${runId},${KEEPER}`, "--field-selector=status.phase=Running"];
    return this.names("pods", ...selected)[0];
  }

  networkOf(pod: string): NetworkNamespace | undefined {
    const address = this.kubectl("get", "pod", pod, "-o", "jsonpath={.status.podIP}");
    return address === "" ? undefined : namespaceOf(address);
  }

  workspaces(): string[] {
    return this.names("workspaces.kaito.sh");
  }

  gpuNodes(): string[] {
    return this.names("nodes", "-l", "kubernetes.azure.com/accelerator=nvidia");
  }

  cpuNode(): string {
    return this.names("nodes", "-l", "kubernetes.azure.com/mode=system")[0] ?? "";
  }

  private names(kind: string, ...selected: readonly string[]): string[] {
    const text = this.kubectl("get", kind, ...selected, "-o", "jsonpath={.items[*].metadata.name}");
    return text.split(" ").filter((name) => name !== "");
  }

  async until<T>(what: string, question: () => T | undefined, seconds = 120): Promise<T> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      const answer = question();
      if (answer !== undefined) return answer;
      await sleep(500);
    }
    const seen = this.sandbox.run(["kubectl", "get", "pods,jobs,workspaces.kaito.sh,nodes", "-A", "-o", "wide"]).output;
    const logs = this.sandbox.run(["kubectl", "logs", "-n", this.namespace, "-l", KEEPER, "--prefix", "--tail=30"]).output;
    throw new Error(`waited in vain for ${what}\n${seen}\n${logs}`);
  }

  /** Waits until what is asked for is nowhere to be seen. */
  async untilNone(what: string, question: () => readonly unknown[]): Promise<void> {
    await this.until(`the end of ${what}`, () => (question().length === 0 ? true : undefined));
  }
}
