import { SimulatedAzure } from "../../support/simulated-azure";

const MONITOR = "azure-native:monitor:";
const GROUP = "/subscriptions/5a4db0c5-0000-4000-8000-000000000001/resourceGroups/rg";
const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`;

let simulated: SimulatedAzure;
let clusterId: string;

beforeEach(async () => {
  simulated = new SimulatedAzure();
  await simulated.create("azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" });
  const agentPoolProfiles = [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D4s_v5" }];
  const inputs = { resourceGroupName: "rg", resourceName: "ai", dnsPrefix: "ai", agentPoolProfiles };
  ({ id: clusterId } = await simulated.create("azure-native:containerservice:ManagedCluster", "ai", inputs));
});

afterEach(() => {
  simulated.close();
});

describe("a diagnostic setting", () => {
  const setting = (name: string, ...categories: string[]) => ({
    name,
    resourceUri: clusterId,
    workspaceId: WORKSPACE,
    logs: categories.map((category) => ({ category, enabled: true })),
  });
  const create = (inputs: ReturnType<typeof setting>) => simulated.create(`${MONITOR}DiagnosticSetting`, inputs.name, inputs);

  it("lies under what it watches", async () => {
    const { id } = await create(setting("audit", "guard", "kube-audit-admin"));
    expect(id).toBe(`${clusterId}/providers/Microsoft.Insights/diagnosticSettings/audit`);
  });

  it("knows the logs of a cluster", async () => {
    await expect(create(setting("audit", "kube-audits"))).rejects.toThrow("Category 'kube-audits' is not supported.");
  });

  it("needs somewhere to send them", async () => {
    await expect(create({ ...setting("audit", "guard"), workspaceId: "" })).rejects.toThrow("At least one data sink");
  });

  it("sends a category to a workspace once", async () => {
    await create(setting("audit", "guard"));
    await expect(create(setting("again", "guard"))).rejects.toThrow("is already used in diagnostic setting 'audit' for category 'guard'");
    await expect(create(setting("other", "kube-scheduler"))).resolves.toMatchObject({ outputs: { name: "other" } });
  });

  it("cannot watch what is not there", async () => {
    const nowhere = { ...setting("audit", "guard"), resourceUri: `${clusterId}x` };
    await expect(create(nowhere)).rejects.toThrow("was not found");
  });
});

describe("managed Prometheus", () => {
  it("gets its addresses and ids from Azure", async () => {
    const workspace = await simulated.create(`${MONITOR}AzureMonitorWorkspace`, "m", { resourceGroupName: "rg", azureMonitorWorkspaceName: "m" });
    expect(workspace).toMatchObject({
      id: `${GROUP}/providers/Microsoft.Monitor/accounts/m`,
      outputs: { location: "westeurope", publicNetworkAccess: "Enabled", metrics: { prometheusQueryEndpoint: expect.stringMatching(/^https:\/\/m-/) } },
    });
    const endpoint = await simulated.create(`${MONITOR}DataCollectionEndpoint`, "m", { resourceGroupName: "rg", dataCollectionEndpointName: "m" });
    expect(endpoint).toMatchObject({ id: `${GROUP}/providers/Microsoft.Insights/dataCollectionEndpoints/m`, outputs: { immutableId: expect.stringMatching(/^dce-/) } });
  });

  it("is replaced for its region", () => {
    for (const type of ["AzureMonitorWorkspace", "DataCollectionEndpoint", "DataCollectionRule"]) {
      expect(simulated.replacing(MONITOR + type, { location: "westeurope" }, { location: "eastus" })).toEqual(["location"]);
    }
  });
});

describe("a data collection rule", () => {
  const rule = (destination: string) => ({
    resourceGroupName: "rg",
    dataCollectionRuleName: "m",
    destinations: { monitoringAccounts: [{ name: "account", accountResourceId: "id" }] },
    dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: [destination] }],
  });

  it("sends to what it declares", async () => {
    await expect(simulated.create(`${MONITOR}DataCollectionRule`, "m", rule("acount"))).rejects.toThrow("destination 'acount' is not declared");
    const made = await simulated.create(`${MONITOR}DataCollectionRule`, "m", rule("account"));
    expect(made.outputs).toMatchObject({ immutableId: expect.stringMatching(/^dcr-/) });
  });

  it.each([
    ["neither rule nor endpoint", {}, "either a data collection rule or an endpoint"],
    ["both", { dataCollectionRuleId: "rule", dataCollectionEndpointId: "endpoint" }, "either a data collection rule or an endpoint"],
    ["an endpoint under a name of its own", { dataCollectionEndpointId: "endpoint" }, "is called configurationAccessEndpoint"],
  ])("is not associated with %s", async (_, what, message) => {
    const inputs = { resourceUri: clusterId, associationName: "metrics", ...what };
    await expect(simulated.create(`${MONITOR}DataCollectionRuleAssociation`, "m", inputs)).rejects.toThrow(message);
  });

  it("is associated with the cluster by its id", async () => {
    const inputs = { resourceUri: clusterId, associationName: "metrics", dataCollectionRuleId: "rule" };
    const { id } = await simulated.create(`${MONITOR}DataCollectionRuleAssociation`, "m", inputs);
    expect(id).toBe(`${clusterId}/providers/Microsoft.Insights/dataCollectionRuleAssociations/metrics`);
  });
});
