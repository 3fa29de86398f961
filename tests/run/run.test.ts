import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnSync } from "node:child_process";
import { background, borrowRealNodes, inSandbox } from "../support/sandbox";

interface Record {
  readonly state?: string;
  readonly runId?: string;
  readonly step?: string;
  readonly steps?: string;
  readonly resumes?: string;
  readonly lossBefore?: string;
  readonly lossAfter?: string;
  readonly adapterDigest?: string;
}

/** The demo in a home of its own, evicted once while it trains. */
describe("a run in real pods", () => {
  const home = mkdtempSync(path.join(os.tmpdir(), "aksft-run-"));
  const log = path.join(home, "demo.log");
  let exit = -1;

  /** Runs a command in the sandbox; the first line of defence against a demo that has not come up yet is an empty answer. */
  function ask(...command: readonly string[]): string {
    return inSandbox(home, command).stdout;
  }

  function record(): Record {
    const text = ask("kubectl", "get", "configmap", "tickets", "-n", "support", "-o", "json");
    return text === "" ? {} : ((JSON.parse(text) as { readonly data?: Record }).data ?? {});
  }

  async function until<T>(what: string, question: () => T | undefined, seconds: number): Promise<T> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      const answer = question();
      if (answer !== undefined) return answer;
      if (exit > 0) break;
      await sleep(300);
    }
    throw new Error(`waited in vain for ${what}; the demo said:\n${readFileSync(log, "utf8")}`);
  }

  /** Evicts the training pod, by the API that a drained node's pods meet. */
  function evict(pod: string): string {
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace: "support" } };
    const target = `/api/v1/namespaces/support/pods/${pod}/eviction`;
    return inSandbox(home, ["kubectl", "create", "--raw", target, "-f", "-"], JSON.stringify(eviction)).stdout;
  }

  beforeAll(async () => {
    borrowRealNodes();
    const demo = background(["demo", "--home", home], log);
    void demo.ended.then((code) => {
      exit = code;
    });
    // After the first checkpoint, which is a tenth of the run.
    await until("a checkpoint", () => (Number(record().step ?? 0) * 5 >= Number(record().steps ?? Infinity) ? true : undefined), 1500);
    const pods = ask("kubectl", "get", "pods", "-n", "support", "-l", "app.kubernetes.io/component=tuning", "-o", "name");
    evict(pods.trim().replace("pod/", ""));
    exit = await demo.ended;
  }, 2_400_000);

  afterAll(() => {
    inSandbox(home, [], undefined, "reset");
    rmSync(home, { recursive: true, force: true });
  }, 120_000);

  it("ends well although it was evicted, and says so", () => {
    expect({ exit, log: exit === 0 ? "" : readFileSync(log, "utf8") }).toEqual({ exit: 0, log: "" });
    expect(record()).toMatchObject({ state: "succeeded", resumes: "1" });
  });

  it("has learnt", () => {
    const { lossBefore, lossAfter } = record();
    expect(Number(lossAfter)).toBeLessThan(Number(lossBefore) * 0.8);
  });

  it("prints digests under which an independent client reads dataset and adapter", () => {
    const references = [...readFileSync(log, "utf8").matchAll(/\S+\/(?:datasets|support)\/\S+@sha256:[0-9a-f]{64}/g)].map(([text]) => text);
    expect(references).toHaveLength(2);
    for (const reference of references) {
      const manifest = JSON.parse(ask("crane", "manifest", reference)) as { readonly layers: readonly { readonly mediaType: string }[] };
      expect(manifest.layers).toHaveLength(1);
      expect(ask("crane", "digest", reference).trim()).toBe(reference.split("@")[1]);
    }
    const adapter = references.find((reference) => reference.includes("/support/")) ?? "";
    const files = ask("sh", "-c", `crane export ${adapter} - | tar -t`).split("\n");
    expect(files).toEqual(expect.arrayContaining(["data/adapter_config.json", "data/adapter_model.safetensors"]));
  });

  it("is served beside its base model at the stack's endpoint, and answers otherwise", () => {
    const endpoint = ask("pulumi", "stack", "output", "endpoint").trim();
    const models = JSON.parse(ask("curl", "-s", `${endpoint}/v1/models`)) as { readonly data: readonly { readonly id: string }[] };
    expect(models.data.map(({ id }) => id).sort()).toEqual(["tickets", "tiny"]);
    const [base, adapter] = ["tiny", "tickets"].map((model) => {
      const body = JSON.stringify({ model, prompt: "Where can I see my invoices?", max_tokens: 48, temperature: 0 });
      const text = ask("curl", "-s", "-H", "content-type: application/json", "-d", body, `${endpoint}/v1/completions`);
      return (JSON.parse(text) as { readonly choices: readonly { readonly text: string }[] }).choices[0]?.text ?? "";
    });
    expect(adapter?.trim()).not.toBe("");
    expect(adapter).not.toBe(base);
  }, 60_000);

  it("leaves a stack in which a preview finds nothing to do, and a second demo nothing to train", () => {
    expect(inSandbox(home, ["pulumi", "preview", "--expect-no-changes", "--non-interactive"]).code).toBe(0);
    const again = spawnSync("node_modules/.bin/tsx", ["sandbox/main.ts", "demo", "--home", home], { encoding: "utf8" });
    expect(again.status).toBe(0);
    expect(again.stdout).toContain("No changes");
    expect(record()).toMatchObject({ resumes: "1" });
  }, 300_000);
});
