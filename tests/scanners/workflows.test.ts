import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { type Actionlint, actionlint } from "./actionlint";
import { type CheckJsonschema, checkJsonschema } from "./check-jsonschema";

const ROOT = path.resolve(__dirname, "..", "..");
const FOLDER = path.join(ROOT, ".github", "workflows");
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".yml"));
const SCRIPTS = [".github/scripts", ".azure-pipelines"].flatMap((folder) => readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name)));

jest.setTimeout(120_000);

let lint: Actionlint;
let schemas: CheckJsonschema;
beforeAll(async () => {
  [lint, schemas] = await Promise.all([actionlint(), checkJsonschema()]);
}, 600_000);

function read(name: string): string {
  return readFileSync(path.join(FOLDER, name), "utf8");
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly if?: string; readonly permissions?: Readonly<Record<string, string>>; readonly env?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>>;
}

function workflow(name: string): Workflow {
  return parse(read(name)) as Workflow;
}

function steps(name: string): readonly Step[] {
  return Object.values(workflow(name).jobs).flatMap((job) => job.steps);
}

describe("the workflows of GitHub", () => {
  it("have no finding of actionlint", () => {
    expect(NAMES).toEqual(["deploy.yml", "drift.yml", "preview-fork-comment.yml", "preview-fork.yml", "preview.yml"]);
    expect(lint(NAMES.map((name) => path.join(FOLDER, name)))).toEqual([]);
  });

  it("are what GitHub's schema asks for", () => {
    expect(NAMES.flatMap((name) => schemas.faults("github-workflows", parse(read(name))) ?? [])).toEqual([]);
    expect(schemas.faults("github-workflows", { ...workflow("drift.yml"), jobs: { drift: { "runs-on": 7 } } })).toMatch(/runs-on/);
  });

  it.each([
    ["a title of a pull request in a script", (text: string) => text.replace("run: npm ci", 'run: echo "${{ github.event.pull_request.title }}"'), /potentially untrusted/],
    ["a misspelt input", (text: string) => text.replace("persist-credentials:", "persist-credential:"), /input "persist-credential" is not defined/],
    ["a matrix's value that is none", (text: string) => text.replace("matrix.stack", "matrix.stak"), /property "stak" is not defined/],
  ])("would have one with %s", (_, plant, finding) => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "workflow-")), "preview.yml");
    writeFileSync(file, plant(read("preview.yml")));
    expect(lint([file])).toEqual(expect.arrayContaining([expect.stringMatching(finding)]));
  });

  it.each(NAMES)("%s lets a job read at most, but for what its steps write", (name) => {
    expect(workflow(name).permissions).toEqual({ contents: "read" });
    const writes = Object.values(workflow(name).jobs).flatMap(({ permissions = {} }) => Object.keys(permissions).filter((key) => permissions[key] === "write"));
    const allowed: Readonly<Record<string, readonly string[]>> = {
      "deploy.yml": ["id-token"],
      "drift.yml": ["id-token", "issues"],
      "preview-fork-comment.yml": ["pull-requests"],
      "preview-fork.yml": [],
      "preview.yml": ["id-token", "pull-requests"],
    };
    expect(writes).toEqual(allowed[name]);
  });

  it.each(NAMES)("%s puts nothing into a script but through its environment, and keeps no credential in the checkout", (name) => {
    expect(steps(name).flatMap(({ run = "" }) => run.match(/\$\{\{.*?\}\}/g) ?? [])).toEqual([]);
    const checkouts = steps(name).filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with)).toEqual([{ "persist-credentials": false }]);
  });

  it.each(NAMES)("%s runs no program that a registry has under a name", (name) => {
    const commands = steps(name).flatMap(({ run = "" }) => run.split("\n").filter((line) => !line.trim().startsWith("#")));
    expect(commands.filter((command) => /\bnpx (?!--no-install )/.test(command))).toEqual([]);
  });

  it.each(NAMES)("%s gives the passphrase to steps that run Pulumi alone", (name) => {
    const withSecrets = (env: Readonly<Record<string, string>> = {}): boolean => Object.values(env).some((value) => value.includes("secrets."));
    expect(Object.values(workflow(name).jobs).filter(({ env }) => withSecrets(env))).toEqual([]);
    for (const { run = "" } of steps(name).filter(({ env }) => withSecrets(env))) expect(run).toMatch(/pulumi (preview|up)|doctor/);
  });

  it("give a fork's code no secret, no identity and no token that writes", () => {
    expect(read("preview-fork.yml")).not.toMatch(/secrets\.|id-token|write|pull_request_target/);
    expect(NAMES.filter((name) => "pull_request_target" in workflow(name).on)).toEqual([]);
    expect(read("preview-fork-comment.yml")).not.toMatch(/secrets\.|npm|npx|ref:/);
  });

  it("comment also when the preview, or a step before it, failed", () => {
    const after = steps("preview.yml").filter(({ name = "" }) => ["report", "comment"].includes(name));
    expect(after.map((step) => step.if)).toEqual(["${{ !cancelled() }}", "${{ !cancelled() }}"]);
  });
});

/** YAML as Azure Pipelines reads it: keywords take texts, inputs of tasks what the task says. */
function asAzureReads(text: string): unknown {
  const merged = (typed: unknown, texts: unknown): unknown => {
    if (Array.isArray(typed) && Array.isArray(texts)) return typed.map((each, index) => merged(each, texts[index]));
    if (typeof typed !== "object" || typed === null) return texts;
    return Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, key === "inputs" ? value : merged(value, Reflect.get(Object(texts) as object, key))]));
  };
  return merged(parse(text), parse(text, { schema: "failsafe" }));
}

describe("the pipeline of Azure", () => {
  const text = readFileSync(path.join(ROOT, "azure-pipelines.yml"), "utf8");

  it("is what Microsoft's schema asks for", () => {
    expect(schemas.faults("azure-pipelines", asAzureReads(text))).toBeUndefined();
  });

  it.each([
    ["a misspelt keyword", (whole: string) => whole.replace("displayName: packages", "displayname: packages")],
    ["a task's unknown input", (whole: string) => whole.replace("addSpnToEnvironment: true", "addSpn: true")],
    ["a text where a task takes yes or no", (whole: string) => whole.replace("addSpnToEnvironment: true", "addSpnToEnvironment: maybe")],
  ])("would not be with %s", (_, plant) => {
    expect(plant(text)).not.toBe(text);
    expect(schemas.faults("azure-pipelines", asAzureReads(plant(text)))).toMatch(/Schema validation errors/);
  });

  it("runs nothing of forks, and no program that a registry has under a name", () => {
    const { pr, stages } = parse(text) as { readonly pr: string; readonly stages: readonly { readonly stage: string; readonly condition: string }[] };
    expect(pr).toBe("none");
    expect(Object.fromEntries(stages.map(({ stage, condition }) => [stage, condition]))).toEqual({
      preview: "and(eq(variables['Build.Reason'], 'PullRequest'), ne(variables['System.PullRequest.IsFork'], 'True'))",
      deploy: "and(eq(variables['Build.SourceBranch'], 'refs/heads/main'), in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI', 'Manual'))",
      drift: "eq(variables['Build.Reason'], 'Schedule')",
    });
    expect(text.split("\n").filter((line) => !line.trim().startsWith("#") && /\bnpx (?!--no-install )/.test(line))).toEqual([]);
  });

  it("gives the deploying connection to the stage that deploys alone", () => {
    expect(text.match(/azureSubscription: .*/g)).toEqual(["azureSubscription: azure-read", "azureSubscription: azure-deploy", "azureSubscription: azure-read"]);
  });
});

describe("the scripts of both", () => {
  it.each(SCRIPTS)("%s is Bash", (script) => {
    expect(spawnSync("bash", ["-n", path.join(ROOT, script)], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it("exist, each that a workflow names", () => {
    const named = [...NAMES.map(read), readFileSync(path.join(ROOT, "azure-pipelines.yml"), "utf8")].flatMap((each) => each.match(/\.(?:github\/scripts|azure-pipelines)\/[\w-]+\.sh/g) ?? []);
    expect([...new Set(named)].sort()).toEqual([...SCRIPTS].sort());
  });
});
