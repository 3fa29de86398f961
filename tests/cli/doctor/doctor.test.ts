import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Answer } from "../../../cli/command";
import { doctor } from "../../../cli/doctor/doctor";
import { assignment, PATHS, provider, READY, sku, usage, versions } from "../../support/arm-answers";
import { type LoopbackArm, loopbackArm, PRINCIPAL, refused, SUBSCRIPTION, TOKEN } from "../../support/loopback-arm";
import { type FakeTool, toolFolder } from "../../support/path-tools";

const PROJECT = ["name: ours", "runtime: nodejs", "config:", "  layers: { type: array, items: { type: string }, default: [platform, tuning, serving] }", "  location: { type: string, default: eastus }", ""].join("\n");
const PROD = [
  "config:",
  "  ours:layers: [platform]",
  "  ours:cluster: { authorizedIpRanges: [203.0.113.0/24] }",
  "  ours:pools:",
  "    tune: { size: Standard_NC24ads_A100_v4, priority: Spot, onDemandFallback: true, maxNodes: 4, zones: ['1'] }",
  "    serve: { size: Standard_NV36ads_A10_v5, maxNodes: 4 }",
  "",
].join("\n");

const TOOLS: Readonly<Record<string, FakeTool>> = {
  pulumi: { of: { version: { stdout: "v3.259.0\n" }, whoami: { stdout: "somebody\n" } } },
  az: { of: { version: { stdout: `${JSON.stringify({ "azure-cli": "2.80.0", "azure-cli-core": "2.80.0" })}\n` }, account: { stdout: JSON.stringify({ accessToken: TOKEN, subscription: SUBSCRIPTION }) } } },
  kubelogin: { stdout: "kubelogin version \ngit hash: v0.2.10/3a1b\nGo version: go1.24.5\nBuild time: 2026-01-01\n" },
  kubectl: { stdout: "Client Version: v1.36.1\nKustomize Version: v5.6.0\n" },
  docker: { stdout: "28.5.1\n" },
};

let arm: LoopbackArm;
let folder: string;
let tools: string;
const pathBefore = process.env["PATH"];

function use(changes: Readonly<Record<string, FakeTool | undefined>> = {}): void {
  const present = Object.entries({ ...TOOLS, ...changes }).flatMap(([name, tool]) => (tool === undefined ? [] : [[name, tool] as const]));
  tools = toolFolder(Object.fromEntries(present));
  process.env["PATH"] = tools;
}

beforeEach(async () => {
  arm = await loopbackArm(READY);
  folder = mkdtempSync(path.join(os.tmpdir(), "aksft-doctor-"));
  writeFileSync(path.join(folder, "Pulumi.yaml"), PROJECT);
  writeFileSync(path.join(folder, "Pulumi.prod.yaml"), PROD);
  use();
});
afterEach(async () => {
  process.env["PATH"] = pathBefore;
  await arm.stop();
});

const NO_WAIT = (): Promise<unknown> => Promise.resolve();

async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await doctor([...args, "--cwd", folder, "--endpoint", arm.url], { environment, wait: NO_WAIT, nodeVersion: "v24.21.0", platform: "linux" });
  // Of the token not even a part may be printed, whatever went wrong.
  for (const part of TOKEN.split(".")) expect(answer.text).not.toContain(part);
  return answer;
}

/** The lines below a heading. */
function section(text: string, name: string): string {
  return new RegExp(`^${name}\\n((?:  .*\\n)+)`, "m").exec(text)?.[1] ?? "";
}

const LOCAL_READY = `Tools
  ✓ node                         24.21.0
  ✓ pulumi                       3.259.0
  ✓ az                           2.80.0
  ✓ kubelogin                    0.2.10
  ✓ kubectl                      1.36.1
  ✓ docker                       28.5.1
`;

describe("aks-fine-tuning doctor", () => {
  it("finds a stack ready", async () => {
    const { text, code } = await run(["--stack", "prod"]);
    expect(text).toBe(`Stack prod, eastus

${LOCAL_READY}
Login
  ✓ pulumi                       signed in to a backend
  ✓ azure                        signed in by az login
  ✓ subscription                 ML Platform, ${SUBSCRIPTION}

Subscription
  ✓ providers                    all 11 registered: Compute, ContainerRegistry, ContainerService,
                                 Insights, ManagedIdentity, Monitor, Network, OperationalInsights,
                                 PolicyInsights, Security, Storage
  ✓ EncryptionAtHost             registered

Roles
  ✓ make resources               on the whole subscription: clusters, pools and networks
  ✓ assign roles                 on the whole subscription: identities of clusters and teams get
                                 theirs at deployment

Region
  ✓ Standard_D4ds_v5             offered in eastus, zones 1, 2, 3; for system, workload
  ✓ Standard_NC24ads_A100_v4     offered in eastus, zones 1, 2, 3; for tune
  ✓ Standard_NV36ads_A10_v5      offered in eastus, which has no zones for it; for serve
  ✓ Standard DDSv5 Family        24 vCPUs at most for system, workload; 96 of 100 left
  ✓ Total Regional Low-priority  96 vCPUs at most for tune; 100 of 100 left
  ✓ Standard NCADSA100v4 Family  96 vCPUs at most for tune; 96 of 96 left
  ✓ Standard NVADSA10v5 Family   144 vCPUs at most for serve; 144 of 144 left
  ✓ Total Regional               264 vCPUs at most for system, workload, tune, serve; 396 of 400
                                 left
  ✓ Kubernetes                   1.36; the newest patch of 1.36 is 1.36.10

Configuration
  ✓ Pulumi.prod.yaml             nothing is missing; pools system, workload, tune, serve

Ready
`);
    expect(code).toBe(0);
  });

  it("asks with the login's token, reads alone, and follows pages", async () => {
    await run(["--stack", "prod"]);
    expect(arm.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
    const skus = arm.requests.filter((request) => request.includes("/Microsoft.Compute/skus?"));
    const first = `GET /subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=location eq 'eastus'`;
    expect(skus).toEqual([first, `${first}&$skiptoken=2`]);
    expect(arm.requests).toContain(`GET /subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=assignedTo('${PRINCIPAL}')`);
    expect(readFileSync(path.join(tools, "az.calls"), "utf8")).toContain("account get-access-token --resource https://management.azure.com --output json\n");
  });

  it("names everything that is missing, each with what mends it", async () => {
    use({ pulumi: { of: { version: { stdout: "v3.259.0\n" }, whoami: { code: 255, stderr: "error: PULUMI_ACCESS_TOKEN must be set" } } }, kubelogin: undefined, kubectl: undefined });
    arm.answer(PATHS.subscription, { document: { displayName: "Trial\u001b[31m", state: "Disabled" } });
    arm.answer(PATHS.providers, { list: [...(READY[PATHS.providers]?.list ?? []).slice(2), provider("Microsoft.ContainerService", "Registering")] });
    arm.answer(PATHS.encryptionAtHost, { document: { properties: { state: "NotRegistered" } } });
    arm.answer(PATHS.roleAssignments, { list: [assignment("Contributor"), assignment("Owner", `/subscriptions/${SUBSCRIPTION}/resourceGroups/other`)] });
    arm.answer(PATHS.skus, { list: [sku("Standard_D4ds_v5", { closedZones: ["2"] }), sku("Standard_NV36ads_A10_v5", { closed: "NotAvailableForSubscription" })] });
    arm.answer(PATHS.usages, { list: [usage("cores", "Total Regional vCPUs", 300, 400), usage("lowPriorityCores", "Total Regional Spot vCPUs", 0, 3), usage("standardDDSv5Family", "Standard DDSv5 Family vCPUs", 0, 10)] });
    arm.answer(PATHS.versions, versions(["1.34", "1.34.9"], ["1.35", "1.35.4"]));
    const { text, code } = await run(["--stack", "prod"]);
    const scope = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/eastus`;
    expect(text).toBe(`Stack prod, eastus

Tools
  ✓ node                         24.21.0
  ✓ pulumi                       3.259.0
  ✓ az                           2.80.0
  ✗ kubelogin                    not on the PATH; it signs in to clusters, for Pulumi's Kubernetes
                                 provider too
                                 → az aks install-cli
  ! kubectl                      not on the PATH; it looks at pods; deploying needs none
                                 → az aks install-cli
  ✓ docker                       28.5.1

Login
  ✗ pulumi                       not signed in to a backend, which keeps the states
                                 → pulumi login, or for a container of your own: pulumi login azblob://CONTAINER?storage_account=ACCOUNT
  ✓ azure                        signed in by az login
  ✗ subscription                 Trial [31m, ${SUBSCRIPTION}, is Disabled
                                 → enable it again in the portal, or take another: az account set --subscription NAME

Subscription
  ✗ Microsoft.Compute            is not registered (NotRegistered): its resources cannot be made
                                 → az provider register --namespace Microsoft.Compute --wait
  ✗ Microsoft.ContainerService   is being registered, which takes minutes; until then its resources
                                 cannot be made
                                 → az provider register --namespace Microsoft.ContainerService --wait
  ✗ EncryptionAtHost             is not registered (NotRegistered): nodes whose host encrypts their
                                 disks are refused
                                 → az feature register --namespace Microsoft.Compute --name EncryptionAtHost && az provider register --namespace Microsoft.Compute

Roles
  ✓ make resources               on the whole subscription: clusters, pools and networks
  ✗ assign roles                 only in
                                 /subscriptions/${SUBSCRIPTION}/resourceGroups/other,
                                 not in the subscription: identities of clusters and teams get
                                 theirs at deployment
                                 → az role assignment create --assignee ${PRINCIPAL} --role "Role Based Access Control Administrator" --scope /subscriptions/${SUBSCRIPTION}

Region
  ✗ Standard_D4ds_v5             offered in eastus, zones 1, 3, and not in 2; for system, workload
                                 → set zones to [1, 3], or take another size
  ✗ Standard_NC24ads_A100_v4     not offered in eastus, it is not sold there; for tune
                                 → az vm list-skus --location eastus --size NC24ads_A100_v4 --all --output table
  ✗ Standard_NV36ads_A10_v5      not offered in eastus, it is closed to this subscription; for serve
                                 → ask for access: https://aka.ms/azureregionaccess; or another size or region, see az vm list-skus --location eastus --size NV36ads_A10_v5 --all --output table
  ✗ Standard DDSv5 Family        24 vCPUs at most for system, workload; 10 of 10 left
                                 → az quota update --resource-name standardDDSv5Family --scope ${scope} --limit-object value=24 --resource-type dedicated
  ✗ Total Regional Spot          96 vCPUs at most for tune; 3 of 3 left
                                 → az quota update --resource-name lowPriorityCores --scope ${scope} --limit-object value=96 --resource-type lowPriority
  ✗ Standard NCADSA100v4 Family  96 vCPUs at most for tune; eastus lists no such quota
                                 → raise it in the portal: https://portal.azure.com/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/~/myQuotas
  ✗ Standard NVADSA10v5 Family   144 vCPUs at most for serve; eastus lists no such quota
                                 → raise it in the portal: https://portal.azure.com/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/~/myQuotas
  ! Total Regional               264 vCPUs at most for system, workload, tune, serve; 100 of 400
                                 left: enough only if 164 of the 300 in use are this deployment's
                                 own
                                 → az quota update --resource-name cores --scope ${scope} --limit-object value=564 --resource-type dedicated
  ✗ Kubernetes                   eastus makes no clusters of 1.36; it has 1.34, 1.35
                                 → pulumi config set --path cluster.kubernetesVersion 1.35

Configuration
  ✓ Pulumi.prod.yaml             nothing is missing; pools system, workload, tune, serve

Not ready: 15 missing
`);
    expect(code).toBe(1);
  });

  it("says what could not be asked and why, and goes on", async () => {
    const forbidden = `The client 'x' with object id '${PRINCIPAL}' does not have authorization`;
    arm.answer(PATHS.providers, refused(403, "AuthorizationFailed", forbidden));
    arm.answer(PATHS.encryptionAtHost, { text: "<html>sign in</html>" });
    arm.answer(PATHS.roleAssignments, { document: {} });
    arm.answer(PATHS.usages, refused(429, "TooManyRequests", "slow down", { "retry-after": "0" }));
    arm.answer(PATHS.versions, { status: 502, text: `upstream said ${TOKEN}` });
    const { text, code } = await run(["--stack", "prod"]);
    const why = (name: string): string => new RegExp(`^  \\? ${name} +((?:.*\\n(?: {30,}[^→ ].*\\n)*))`, "m").exec(text)?.[1]?.replace(/\s+/g, " ").trim() ?? "";
    expect(why("providers")).toBe(`could not be asked: ${arm.host} answered 403 AuthorizationFailed: ${forbidden}`);
    expect(why("EncryptionAtHost")).toBe(`could not be asked: ${arm.host} answered a web page: is there a proxy that wants a login?`);
    expect(why("roles")).toBe(`could not be asked: ${arm.host} answered what is no list`);
    expect(why("quota")).toBe(`could not be asked: ${arm.host} answered 429 TooManyRequests: slow down`);
    expect(why("Kubernetes")).toBe(`could not be asked: ${arm.host} answered 502`);
    expect(text).toContain("✓ Standard_NC24ads_A100_v4");
    expect(text).toMatch(/\nNot known: nothing is missing as far as it could be asked, 5 could not be asked\n$/);
    expect(code).toBe(3);
  });

  it.each([
    [{ account: { code: 1, stderr: "ERROR: Please run 'az login' to setup account.\n" } }, "nobody is signed in to the Azure CLI"],
    [{ account: { code: 1, stderr: `ERROR: AADSTS70043: The refresh token has expired ${TOKEN}\n` } }, "Entra refused the login of the Azure CLI \\(AADSTS70043\\)"],
    [{ account: { stdout: "no json" } }, "az account get-access-token printed no token"],
    [{ account: { stdout: JSON.stringify({ accessToken: TOKEN }) } }, "az login says nothing of a subscription"],
  ])("says that nobody is signed in: %j", async (of, why) => {
    use({ az: { of: { ...TOOLS["az"]?.of, ...of } } });
    const { text, code } = await run(["--stack", "prod"]);
    expect(section(text, "Login")).toMatch(new RegExp(`✗ azure +${why}\\n +→ `));
    expect(text).toMatch(/\nNot ready: 1 missing, 6 could not be asked\n$/);
    expect(code).toBe(1);
    expect(arm.requests).toEqual([]);
  });

  it("asks nobody offline", async () => {
    use({ docker: { code: 1, stderr: "Cannot connect to the Docker daemon" } });
    const { text, code } = await run(["--stack", "prod", "--offline"]);
    expect(text).toMatch(/^Stack prod, eastus; Azure is not asked\n\nTools\n/);
    expect(text).toMatch(/! docker +its daemon does not answer; it builds the dataset's image\n +→ sudo systemctl start docker\n/);
    expect(text).toMatch(/\nReady\n$/);
    expect(text).not.toMatch(/^Login|^Roles|^Region/m);
    expect({ code, requests: arm.requests }).toEqual({ code: 0, requests: [] });
  });

  it("prints JSON for scripts", async () => {
    arm.answer(PATHS.encryptionAtHost, { document: { properties: { state: "Registering" } } });
    const { text, code } = await run(["--stack", "prod", "--json"]);
    const { findings, ...rest } = JSON.parse(text) as { readonly findings: readonly { readonly name: string; readonly state: string }[] };
    expect(rest).toEqual({ ready: false, stack: "prod", location: "eastus", offline: false });
    expect(findings.filter(({ state }) => state !== "ok")).toEqual([
      {
        section: "Subscription",
        name: "EncryptionAtHost",
        state: "missing",
        text: "is being registered, which takes minutes; until then nodes whose host encrypts their disks are refused",
        fix: "az feature show --namespace Microsoft.Compute --name EncryptionAtHost --query properties.state",
      },
    ]);
    expect(code).toBe(1);
  });

  it("takes sizes instead of a stack, spot apart, without what development does not want", async () => {
    arm.answer(PATHS.usages, { list: [usage("lowPriorityCores", "Total Regional Spot vCPUs", 40, 100)] });
    const { text, code } = await run(["--location", "East US", "--size", "Standard_NC24ads_A100_v4", "--nodes", "3", "--spot", "--environment", "development"]);
    expect(text).toMatch(/^eastus\n\nTools\n/);
    expect(section(text, "Subscription")).toBe("  ✓ providers                 all 6 registered: Compute, ContainerRegistry, ContainerService,\n                              ManagedIdentity, Network, Storage\n");
    expect(section(text, "Region")).toMatch(/! Total Regional Spot +72 vCPUs at most for NC24ads_A100_v4; 60 of 100 left: enough only if\n +12 of the 40 in use are this deployment's own\n/);
    expect(text).not.toMatch(/^Configuration/m);
    expect(code).toBe(0);
  });

  it("says of a role with a condition that it may not be enough", async () => {
    arm.answer(PATHS.roleAssignments, { list: [assignment("Contributor"), assignment("Role Based Access Control Administrator", undefined, "((!(ActionMatches{…})))")] });
    const { text, code } = await run(["--stack", "prod"]);
    expect(section(text, "Roles")).toMatch(/! assign roles +with a condition, which may exclude what is needed: /);
    expect(code).toBe(0);
  });

  it.each([
    ["Standard NCASv3_T4 Family", 'az quota update --resource-name "Standard NCASv3_T4 Family" --scope '],
    ["$(id)", "raise it in the portal: "],
  ])("makes a command of Azure's name of a quota, %s, only where it is a name", async (name, fix) => {
    arm.answer(PATHS.usages, { list: [usage(name, "Standard NCASv3_T4 Family vCPUs", 0, 1)] });
    const { text } = await run(["--location", "eastus", "--size", "Standard_NC4as_T4_v3"]);
    expect(text).toContain(`→ ${fix}`);
  });

  it.each(["../../../etc", "/subscriptions/x/../y/providers/Microsoft.Authorization/roleDefinitions/0", "https://elsewhere.example/providers/Microsoft.Authorization/roleDefinitions/0"])("follows no id of a role like %s", async (id) => {
    arm.answer(PATHS.roleAssignments, { list: [{ properties: { roleDefinitionId: id, scope: "/" } }] });
    const { text } = await run(["--stack", "prod"]);
    expect(section(text, "Roles")).toMatch(/✗ make resources +no role of yours allows it: /);
    expect(arm.requests.filter((request) => request.includes("roleDefinitions") || request.includes("etc"))).toEqual([]);
  });

  it.each([
    [["--location", "eastus"], "give --stack NAME, or --location REGION and --size SIZE"],
    [["--stack", "prod", "--size", "Standard_NC4as_T4_v3"], "give --stack NAME, or --location and --size, not both"],
    [["--stack", "prd"], /Pulumi\.prd\.yaml does not exist: did you mean "prod"\?$/],
    [["--location", "east'us", "--size", "Standard_NC4as_T4_v3"], "--location east'us: is no name of a region, for example eastus or \"East US\""],
    [["--location", "eastus", "--size", "A100; rm -rf"], "--size A100; rm -rf: is not written as Azure writes a size, for example Standard_NC24ads_A100_v4"],
    [["--location", "eastus", "--size", "Standard_X", "--nodes", "1.5"], "--nodes 1.5: is no whole number"],
    [["--location", "eastus", "--size", "Standard_X", "--environment", "prod"], "--environment prod: use one of production, development"],
    [["--stack", "prod", "--timeout-seconds", "0"], "--timeout-seconds 0: is no positive number"],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
    expect(arm.requests).toEqual([]);
  });

  it.each(["http://management.example.com", "ftp://management.azure.com", "https://user:secret@management.azure.com", "nowhere"])("gives its token to no endpoint like %s", async (endpoint) => {
    await expect(doctor(["--stack", "prod", "--cwd", folder, "--endpoint", endpoint])).rejects.toThrow(/^--endpoint: is /);
  });
});

describe("aks-fine-tuning doctor, of a stack's configuration", () => {
  async function configuration(stackFile: string): Promise<string> {
    writeFileSync(path.join(folder, "Pulumi.prod.yaml"), stackFile);
    const { text } = await run(["--stack", "prod", "--offline"]);
    return section(text, "Configuration");
  }

  it("names each key that the tuning layer needs", async () => {
    const text = await configuration("config:\n  ours:environment: development\n  ours:run: tickets\n  ours:dataset: rows.jsonl\n  ours:trainerImage: registry.example/trainer:v1\n");
    const names = [...text.matchAll(/^  ✗ (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(["team", "weightsImage", "model", "recipe", "dataset", "trainerImage", "pools.gpu.size"]);
    expect(text).toMatch(/✗ team +is needed by the tuning layer and not set\n +→ pulumi config set team support --stack prod\n/);
    expect(text).toMatch(/✗ dataset +rows\.jsonl does not exist\n/);
  });

  it("sizes a pool by the recipe, as the stack does, and finds its dataset", async () => {
    mkdirSync(path.join(folder, "data"));
    writeFileSync(path.join(folder, "data", "rows.jsonl"), "{}\n");
    const digest = `@sha256:${"a".repeat(64)}`;
    const keys = { team: "support", run: "tickets", dataset: "data/rows.jsonl", weightsImage: `registry.example/models/q${digest}`, trainerImage: `registry.example/trainer${digest}` };
    writeFileSync(
      path.join(folder, "Pulumi.prod.yaml"),
      ["config:", "  ours:environment: development", ...Object.entries(keys).map(([key, value]) => `  ours:${key}: ${value}`), "  ours:model: { name: Qwen2.5-7B-Instruct }", "  ours:recipe: { method: qlora, sequenceLength: 1024 }", "  ours:pools: { gpu: { priority: Spot, maxNodes: 2 } }", ""].join("\n"),
    );
    arm.answer(PATHS.skus, { list: [sku("Standard_D4s_v5"), sku("Standard_NC4as_T4_v3"), sku("Standard_NV36ads_A10_v5"), sku("Standard_NC24ads_A100_v4")] });
    const { text } = await run(["--stack", "prod"]);
    expect(section(text, "Configuration")).toMatch(/✓ Pulumi\.prod\.yaml +nothing is missing; pools system, gpu\n/);
    expect(section(text, "Region")).toMatch(/Standard_N\w+ +offered in eastus, zones 1, 2, 3; for gpu\n/);
    expect(section(text, "Region")).toMatch(/Total Regional Low-priority +\d+ vCPUs at most for gpu;/);
  });

  it.each([
    ["pools: { tune: { size: Standard_NC24ads_A100_v5 } }", /✗ pools\.tune\.size +is none of the \d+ GPU sizes of the catalogue\n +→ did you mean "Standard_NC24ads_A100_v4"\?/],
    ["cluster: { kubernetesVersion: '1.20' }", /✗ cluster\.kubernetesVersion +AKS supports 1\.3/],
    ["layers: [tunning]", /✗ layers +tunning is none of platform, tuning, serving\n/],
    ["layers: [serving]", /✗ platformStack +is needed where layers has no platform\n/],
  ])("finds the fault of %s", async (line, message) => {
    expect(await configuration(`config:\n  ours:environment: development\n  ours:layers: [platform]\n  ours:${line}\n`.replace(/ {2}ours:layers: \[platform\]\n {2}ours:layers/, "  ours:layers"))).toMatch(message);
  });

  it("asks of a team's stack what a team needs, and of its platform elsewhere", async () => {
    writeFileSync(path.join(folder, "Pulumi.prod.yaml"), "encryptionsalt: v1:abc\nconfig:\n  ours:layers: [serving]\n  ours:platformStack: org/ours/prod\n  azure-native:subscriptionId: 99999999-0000-0000-0000-000000000000\n");
    const { text } = await run(["--stack", "prod"]);
    expect(text).not.toMatch(/^Region/m);
    expect(section(text, "Configuration")).toContain("that of org/ours/prod; ask about its pools there");
    expect(section(text, "Login")).toMatch(/✗ passphrase +the stack's secrets are encrypted with one, and it is not given\n +→ export PULUMI_CONFIG_PASSPHRASE_FILE=FILE\n/);
    expect(readFileSync(path.join(tools, "az.calls"), "utf8")).toContain("--subscription 99999999-0000-0000-0000-000000000000 ");
  });

  it("does not guess at the keys of somebody else's project", async () => {
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: theirs\nruntime: nodejs\n");
    await expect(run(["--stack", "prod"])).rejects.toThrow('the project has no key "layers", so its pools are not known; give --location and --size instead of --stack');
  });
});
