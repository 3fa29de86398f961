import * as pulumi from "@pulumi/pulumi";
import { type MonitoringDecisions, monitoringProblems, planMonitoring } from "../../../components/plan/cluster/monitoring";
import { describe as line } from "../../../components/plan/refuse";

const problems = (decisions: MonitoringDecisions): string[] => monitoringProblems("production", decisions).map(line);
const LOGS = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/logs";
const METRICS = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Monitor/accounts/metrics";

describe("planMonitoring", () => {
  it.each<[MonitoringDecisions, object]>([
    [{ logs: false }, { logs: "none", containerLogs: false, defender: false, metrics: "own" }],
    [{ logs: { id: LOGS } }, { logs: "existing", containerLogs: true, defender: true }],
    [{ logs: true, containerLogs: false, defender: false }, { logs: "own", containerLogs: false, defender: false }],
    [{ metrics: false }, { metrics: "none", logs: "own" }],
    [{ metrics: { id: METRICS } }, { metrics: "existing" }],
  ])("turns %j in production into %j", (decisions, expected) => {
    expect(planMonitoring("production", decisions)).toMatchObject(expected);
  });

  it("leaves Defender off in development, where logs are asked for too", () => {
    expect(planMonitoring("development", { logs: true })).toEqual({ logs: "own", retentionDays: 30, containerLogs: true, metrics: "none", defender: false });
  });
});

describe("monitoringProblems", () => {
  it.each(["containerLogs", "defender"] as const)("refuses %s without a workspace", (what) => {
    expect(problems({ logs: false, [what]: true })).toEqual([
      `AKSFT-CLUSTER-20 monitoring.${what}: got true; needs 1 Log Analytics workspace, and logs is false; fix: set monitoring.logs to true or to { id }, or ${what} to false`,
    ]);
    expect(problems({ logs: { id: LOGS }, [what]: true })).toEqual([]);
  });

  it.each([[29, 30], [731, 730]])("refuses %p days and proposes %p", (retentionDays, proposed) => {
    expect(problems({ retentionDays })).toEqual([
      `AKSFT-CLUSTER-21 monitoring.retentionDays: got ${retentionDays}; must be a whole number from 30 to 730; fix: use ${proposed}`,
    ]);
    expect(problems({ retentionDays: proposed })).toEqual([]);
  });

  it("refuses an id of something else, and takes one that is not known yet", () => {
    expect(problems({ logs: { id: METRICS }, metrics: { id: "" } })).toEqual([
      `AKSFT-CLUSTER-22 monitoring.logs.id: got "${METRICS}"; needs the id of 1 resource of type Microsoft.OperationalInsights/workspaces; ` +
        'fix: use "/subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/NAME", or true for a workspace of the cluster\'s own',
      'AKSFT-CLUSTER-22 monitoring.metrics.id: got ""; needs the id of 1 resource of type Microsoft.Monitor/accounts; ' +
        'fix: use "/subscriptions/…/resourceGroups/…/providers/Microsoft.Monitor/accounts/NAME", or true for a workspace of the cluster\'s own',
    ]);
    expect(problems({ logs: { id: LOGS.toLowerCase() }, metrics: { id: pulumi.output("later") } })).toEqual([]);
  });
});
