import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { POD_RANGE, SERVICE_RANGE } from "../../components/plan/network";
import { closeOutside, openOutside } from "../support/outside";
import { call, listen, type Listening, namespaceOf, type NetworkNamespace } from "../support/packets";
import { enforcePolicies, type PolicyEngine } from "../support/policy-engine";
import { borrowRealNodes, devStack, startSandbox, type TestSandbox } from "../support/sandbox";
import { CASES, end, ENDS, policiesOf, type Row } from "../support/who-may-talk";

/** Rows of all tables, each once, so that what one team may do is tried by the others too. */
const ROWS = CASES.flatMap(([, , rows]) => rows);
const ANYBODY = [...new Set(ROWS.flatMap(([source, destination]) => [source, destination]))];

const OPEN = "a team without policies";

/** The tables of who may talk to whom, by packets between real pods whose node enforces the policies. */
describe("real pods", () => {
  let sandbox: TestSandbox;
  let engine: PolicyEngine | undefined;
  let outside: NetworkNamespace;
  const pods = new Map<string, { readonly address: string; readonly namespace: NetworkNamespace }>();
  const listeners: Listening[] = [];

  beforeAll(async () => {
    borrowRealNodes();
    sandbox = startSandbox("auto");
    const stack = devStack(sandbox);
    stack.set("layers", ["platform"]);
    const up = stack.pulumi("up", "--yes", "--skip-preview");
    if (up.code !== 0) throw new Error(up.output);
    const node = await systemNode();
    const namespaces = new Set(Object.values(ENDS).flatMap((one) => ("namespace" in one ? [one.namespace] : [])));
    apply([...namespaces].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
    // A namespace gets its default service account a moment later, without which it takes no pod.
    await until("the pods are made", () => isApplied(ANYBODY.flatMap((name) => podManifests(name, node))));
    await until("the pods run", () => ANYBODY.every((name) => isOutside(name) || located(name)));
    outside = openOutside(Object.values(ENDS).flatMap((one) => ("address" in one ? [one.address] : [])), POD_RANGE);
    for (const namespace of [outside, ...[...pods.values()].map((pod) => pod.namespace)]) {
      listeners.push(await listen(namespace, portsAt(namespace)));
    }
    const address = kubectl(["get", "node", node, "-o", 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}']).trim();
    engine = enforcePolicies(sandbox, { name: node, address }, SERVICE_RANGE);
  }, 1_800_000);

  afterAll(async () => {
    listeners.forEach(({ stop }) => stop());
    await engine?.stop();
    closeOutside(POD_RANGE);
    sandbox.down();
  }, 180_000);

  // First that everything answers, so that silence later on is the policies' doing.
  it.each([[OPEN, undefined, ROWS.map(([source, destination, port]): Row => [source, destination, port, "yes"])] as const, ...CASES])(
    "of %s reach what their table says, and nothing else",
    async (_, decisions, rows) => {
      kubectl(["delete", "networkpolicies", "--all", "-n", "support"]);
      const policies = decisions ? policiesOf(decisions) : [];
      apply(policies.map(({ namespace, name, spec }) => ({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec })));
      const expected = rows.map((row) => [...row]);
      let seen = answers(rows);
      // The engine hears of a policy a moment after the API server took it.
      for (let attempt = 0; attempt < 30 && JSON.stringify(seen) !== JSON.stringify(expected); attempt += 1) {
        await sleep(1000);
        seen = answers(rows);
      }
      expect({ seen, log: JSON.stringify(seen) === JSON.stringify(expected) ? "" : readFileSync(engine?.log ?? "", "utf8").slice(-2000) }).toEqual({ seen: expected, log: "" });
    },
    180_000,
  );

  function kubectl(args: readonly string[]): string {
    const { code, output } = sandbox.run(["kubectl", ...args]);
    if (code !== 0) throw new Error(output);
    return output;
  }

  function apply(items: readonly object[]): void {
    if (items.length > 0 && !isApplied(items)) throw new Error(`refused: ${JSON.stringify(items)}`);
  }

  function isApplied(items: readonly object[]): boolean {
    return sandbox.run(["kubectl", "apply", "-f", "-"], { input: JSON.stringify({ apiVersion: "v1", kind: "List", items }) }).code === 0;
  }

  async function until(what: string, question: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < 120; attempt += 1) {
      if (question()) return;
      await sleep(1000);
    }
    throw new Error(`waited in vain until ${what}: ${kubectl(["get", "pods,nodes,events", "-A"])}`);
  }

  async function systemNode(): Promise<string> {
    const ready = (): string => sandbox.run(["kubectl", "get", "nodes", "-l", "kubernetes.azure.com/mode=system", "-o", "jsonpath={.items[0].metadata.name}"]).output;
    await until("there is a node", () => /^aks-system-/.test(ready()));
    return ready();
  }

  /** A pod that only waits: what listens and calls is started in its network. */
  function podManifests(name: string, nodeName: string): object[] {
    const who = end(name);
    if ("address" in who) return [];
    const { namespace, labels } = who;
    const container = { name: "pause", image: "sandbox.local/pause:1", imagePullPolicy: "IfNotPresent" };
    const spec = { nodeName, automountServiceAccountToken: false, tolerations: [{ operator: "Exists" }], containers: [container] };
    return [{ apiVersion: "v1", kind: "Pod", metadata: { name: objectName(name), namespace, labels }, spec }];
  }

  function isOutside(name: string): boolean {
    return "address" in end(name);
  }

  function located(name: string): boolean {
    const who = end(name);
    if ("address" in who) return true;
    const address = sandbox.run(["kubectl", "get", "pod", objectName(name), "-n", who.namespace, "-o", "jsonpath={.status.podIP}"]).output;
    const namespace = address === "" ? undefined : namespaceOf(address);
    if (namespace) pods.set(name, { address, namespace });
    return namespace !== undefined;
  }

  /** Where someone's packets start or end. */
  function place(name: string): { readonly address: string; readonly namespace: NetworkNamespace; readonly from?: string } {
    const who = end(name);
    if ("address" in who) return { address: who.address, namespace: outside, from: who.address };
    const pod = pods.get(name);
    if (!pod) throw new Error(`${name} does not run`);
    return pod;
  }

  function portsAt(namespace: NetworkNamespace): { protocol: string; port: number }[] {
    const texts = new Set(ROWS.filter(([, destination]) => place(destination).namespace === namespace).map(([, , port]) => port));
    return [...texts].map(port);
  }

  /** What each row's packets met: the rows themselves, with what was seen instead of what is said. */
  function answers(rows: readonly Row[]): (readonly string[])[] {
    const reached = new Map<Row, boolean>();
    for (const source of new Set(rows.map(([name]) => name))) {
      const own = rows.filter(([name]) => name === source);
      const { namespace, from } = place(source);
      const results = call(namespace, own.map(([, destination, text]) => ({ ...port(text), address: place(destination).address, from })));
      own.forEach((row, index) => reached.set(row, results[index] === true));
    }
    return rows.map((row) => [...row.slice(0, 3), reached.get(row) ? "yes" : "no"]);
  }
});

function port(text: string): { protocol: string; port: number } {
  const [protocol = "", number = ""] = text.split(" ");
  return { protocol, port: Number(number) };
}

function objectName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
