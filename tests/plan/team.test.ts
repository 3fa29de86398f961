import { planTeam, type TeamDecisions } from "../../components/plan/team";
import { problemsOf } from "../support/refusal";

const plan = (decisions: TeamDecisions = {}, name = "support") => planTeam(name, "ai", "dev", decisions);

describe("planTeam", () => {
  it("fills every default and names the namespace after the team", () => {
    const { storageAccountName, ...rest } = plan();
    expect(rest).toEqual({ namespace: "support", maxGpus: 8, checkpointsGiB: 100 });
    expect(storageAccountName).toMatch(/^support[a-f0-9]{10}$/);
  });

  it.each<[TeamDecisions]>([[{ maxGpus: 0 }], [{ maxGpus: 10_000 }], [{ checkpointsGiB: 100 }], [{ checkpointsGiB: 102_400 }]])(
    "accepts %p at a boundary",
    (decisions) => {
      expect(plan(decisions)).toMatchObject(decisions);
    },
  );

  it.each<[TeamDecisions, string]>([
    [{ maxGpus: -1 }, "AKSFT-TEAM-01 maxGpus: got -1; must be a whole number from 0 to 10000; fix: use 0"],
    [{ maxGpus: 10_001 }, "AKSFT-TEAM-01 maxGpus: got 10001; must be a whole number from 0 to 10000; fix: use 10000"],
    [{ checkpointsGiB: 99 }, "AKSFT-TEAM-02 checkpointsGiB: got 99; must be a whole number from 100 to 102400; fix: use 100"],
    [{ checkpointsGiB: 102_401 }, "AKSFT-TEAM-02 checkpointsGiB: got 102401; must be a whole number from 100 to 102400; fix: use 102400"],
  ])("refuses %p", (decisions, problem) => {
    expect(problemsOf(() => plan(decisions))).toEqual([problem]);
  });

  it.each(["default", "gpu-support", "kube-system", "aks-command"])("refuses %p, which is the cluster's own, and proposes one that is not", (name) => {
    expect(problemsOf(() => plan({}, name))).toEqual([expect.stringMatching(new RegExp(`^AKSFT-TEAM-03 name: got "${name}"; .*"team-${name}"$`))]);
    expect(plan({}, `team-${name}`).namespace).toBe(`team-${name}`);
  });

  it("lists all problems at once, with a namespace that Kubernetes takes", () => {
    const problems = problemsOf(() => plan({ maxGpus: -1, checkpointsGiB: 1 }, "Fine_Tune"));
    expect(problems.map((problem) => problem.slice(0, 13))).toEqual(["AKSFT-NAME-05", "AKSFT-TEAM-01", "AKSFT-TEAM-02"]);
    expect(problems[0]).toMatch(/got "Fine_Tune".*use for example "fine-tune"$/);
    expect(plan({}, "fine-tune").namespace).toBe("fine-tune");
  });
});
