import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { hoursForRun } from "../../../components/plan/registry/secret";
import { SIMULATED_LOGIN } from "../../../sandbox/providers/azure-native/resource-manager";
import { leftInAzure, plannedChanges } from "../../support/engine-steps";
import { type Finished, startSandbox, type TestSandbox, type TestStack } from "../../support/sandbox";

const PROGRAM = path.resolve(__dirname, "registry-secret-program");
const DEADLINE_HOURS = 24;
/** What another password changes. */
const MINTED = ["update kubernetes:core/v1:Secret tickets-push", "update pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword tickets-push"];

interface State {
  readonly type: string;
  readonly urn: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Record<string, unknown>;
}

describe("a registry's password on the real engine", () => {
  let sandbox: TestSandbox;
  let configuration: string;
  /** Everything that any command of Pulumi's said. */
  const said: string[] = [];
  /** Every password that was in the Secret. */
  const passwords = new Set<string>();
  const times: Record<string, string> = {};

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    configuration = path.join(sandbox.home, "Pulumi.secrets.yaml");
    writeFileSync(configuration, "{}\n");
    const scratch = path.join(sandbox.home, "project");
    mkdirSync(scratch, { recursive: true });
    copyFileSync(path.join(PROGRAM, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
    succeeded(pulumi("stack", "init", "secrets", "--no-select", "-C", scratch));
    set("validHours", hoursForRun(DEADLINE_HOURS));
    for (const namespace of ["support", "other"]) kubectl("create", "namespace", namespace);
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  function pulumi(...args: readonly string[]): Finished {
    const variables = { PULUMI_STACK: "secrets", PULUMI_OPTION_CONFIG_FILE: configuration };
    const finished = sandbox.run(["pulumi", ...args, "--non-interactive"], { cwd: PROGRAM, variables });
    said.push(finished.output);
    return finished;
  }

  function kubectl(...args: readonly string[]): string {
    return succeeded(sandbox.run(["kubectl", ...args]));
  }

  const set = (key: string, value: unknown): void => {
    succeeded(pulumi("config", "set", key, String(value)));
  };
  // The event stream with the SDK's own debug log, which is the most that Pulumi ever says.
  const up = (): Finished => pulumi("up", "--yes", "--skip-preview", "--json");
  const planned = (): string[] => {
    const stack: TestStack = { pulumi, resources: () => [], set };
    return plannedChanges(stack).sort();
  };
  const states = (): readonly State[] => {
    const exported = JSON.parse(succeeded(pulumi("stack", "export"))) as { readonly deployment: { readonly resources?: readonly State[] } };
    return exported.deployment.resources ?? [];
  };

  interface Login {
    readonly auths: Readonly<Record<string, { readonly username: string; readonly password: string; readonly auth: string }>>;
  }

  /** The password in the cluster, as a kubelet would read it. */
  function login(): { readonly host: string; readonly username: string; readonly password: string } {
    const secret = JSON.parse(kubectl("get", "secret", "tickets-push", "-n", "support", "-o", "json")) as { readonly type: string; readonly data: Readonly<Record<string, string>> };
    expect(secret.type).toBe("kubernetes.io/dockerconfigjson");
    const { auths } = JSON.parse(Buffer.from(secret.data[".dockerconfigjson"] ?? "", "base64").toString("utf8")) as Login;
    const [[host, { username, password, auth }] = ["", { username: "", password: "", auth: "" }]] = Object.entries(auths);
    expect(Buffer.from(auth, "base64").toString("utf8")).toBe(`${username}:${password}`);
    passwords.add(password);
    passwords.add(auth);
    passwords.add(secret.data[".dockerconfigjson"] ?? "");
    return { host, username, password };
  }

  const output = (name: string): string => succeeded(pulumi("stack", "output", name)).trim();

  it("is minted for one repository, and outlasts the run's deadline", () => {
    succeeded(up());
    const { host, username, password } = login();
    expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(username).toMatch(/^tickets-push-[0-9a-f]{8}$/);
    expect(password).toMatch(/^simulated-.{32}$/);
    times["first"] = output("expiresAt");
    expect(Date.parse(times["first"])).toBeGreaterThan(Date.now() + DEADLINE_HOURS * 3_600_000);
    expect(output("secretName")).toBe("tickets-push");
  }, 300_000);

  it("stays as it is without a reason, also after a refresh, which sees that it was minted", () => {
    const { password } = login();
    expect(planned()).toEqual([]);
    succeeded(pulumi("refresh", "--yes", "--skip-preview"));
    expect(planned()).toEqual([]);
    succeeded(up());
    expect(login().password).toBe(password);
  }, 300_000);

  it("is another for another run", () => {
    const { password } = login();
    set("run", "run-2");
    expect(planned()).toEqual(MINTED);
    succeeded(up());
    expect(login().password).not.toBe(password);
    expect(slot()).toBe("password2");
    expect(planned()).toEqual([]);
  }, 300_000);

  it("is renewed once two thirds of its life are over, with one update, and only where that is asked for", () => {
    const { password } = login();
    const hour = 3_600_000;
    const life = hoursForRun(DEADLINE_HOURS) * hour;
    grownBy((life * 2) / 3 - hour);
    set("renew", true);
    expect(planned()).toEqual([]);
    grownBy(2 * hour);
    set("renew", false);
    expect(planned()).toEqual([]);
    set("renew", true);
    expect(planned()).toEqual(MINTED);
    succeeded(up());
    expect(login().password).not.toBe(password);
    expect(slot()).toBe("password1");
    expect(planned()).toEqual([]);
  }, 300_000);

  it("is read in its namespace by whoever has the role, and by nobody of another one", () => {
    const can = (account: string): string => sandbox.run(["kubectl", "auth", "can-i", "get", "secret/tickets-push", "-n", "support", "--as", `system:serviceaccount:${account}`]).output.trim();
    expect(["support:default", "support:tuning", "other:default"].map(can)).toEqual(["no", "no", "no"]);
    kubectl("create", "role", "reads", "-n", "support", "--verb=get", "--resource=secrets", "--resource-name=tickets-push");
    kubectl("create", "rolebinding", "reads", "-n", "support", "--role=reads", "--serviceaccount=support:tuning");
    expect(["support:default", "support:tuning", "other:default"].map(can)).toEqual(["no", "yes", "no"]);
  }, 120_000);

  it("is nowhere in clear but in the cluster: not in the state, not in what Pulumi says, not in a log, and nor is the login to Azure", () => {
    login();
    said.push(pulumi("preview", "--diff", "--debug").output, JSON.stringify(states()));
    expect(passwords.size).toBe(9);
    const files = textsBelow(sandbox.home);
    const secrets = [...passwords, SIMULATED_LOGIN];
    expect(secrets.filter((secret) => said.some((text) => text.includes(secret)))).toEqual([]);
    expect(secrets.flatMap((secret) => files.filter(({ text }) => text.includes(secret)).map(({ file }) => file))).toEqual([]);
    // What is looked for can be found.
    expect(succeeded(pulumi("stack", "export", "--show-secrets"))).toContain([...passwords].at(-3));
    expect(states().map(({ inputs }) => inputs?.["login"]).filter((login) => login !== undefined)).toEqual([]);
  }, 300_000);

  it("goes with the stack, and leaves nothing", () => {
    succeeded(pulumi("destroy", "--yes", "--skip-preview", "--json"));
    expect(leftInAzure(sandbox)).toEqual([]);
    expect(kubectl("get", "secrets", "-n", "support", "-o", "name").trim()).toBe("");
    expect(states()).toEqual([]);
  }, 300_000);

  function slot(): unknown {
    return states().find(({ type }) => type.endsWith(":TokenPassword"))?.outputs?.["slot"];
  }

  /** Makes the password older, as though time had passed: what the engine knows of it is moved back. */
  function grownBy(milliseconds: number): void {
    const exported = JSON.parse(succeeded(pulumi("stack", "export"))) as { readonly deployment: { readonly resources: readonly State[] } };
    for (const { type, outputs } of exported.deployment.resources) {
      if (!outputs || !type.endsWith(":TokenPassword")) continue;
      for (const key of ["mintedAt", "expiresAt"]) outputs[key] = new Date(Date.parse(String(outputs[key])) - milliseconds).toISOString();
    }
    const file = path.join(sandbox.home, "older.json");
    writeFileSync(file, JSON.stringify(exported));
    succeeded(pulumi("stack", "import", "--file", file));
  }
});

function succeeded({ code, output }: Finished): string {
  if (code !== 0) throw new Error(output);
  return output;
}

/** What is written below a folder, but for the cluster's own database, which holds its Secrets. */
function textsBelow(folder: string): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || file.includes(`${path.sep}etcd${path.sep}`) || statSync(file).size > 2 ** 26) return [];
    return [{ file, text: readFileSync(file, "latin1") }];
  });
}
