import * as fc from "fast-check";
import { Team, type TeamArgs } from "../../components";
import { kubernetesVersions } from "./arbitraries/common";
import { expectAccepted, expectListedTogether, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

type Given = Pick<TeamArgs, "maxGpus" | "checkpointsGiB" | "protect"> & { readonly kubernetesVersion: "1.34" | "1.35" | "1.36" | "1.37" };

/** Namespaces are DNS labels; some belong to the cluster. */
const names = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/).filter((name) => !/^(default|gpu-support|gatekeeper-system|kube-.*|aks-.*)$/.test(name));

const subject: Subject<Given> = {
  given: fc.record({
    name: names,
    args: fc.record<Given, "kubernetesVersion">(
      {
        kubernetesVersion: kubernetesVersions,
        maxGpus: fc.integer({ min: 0, max: 10_000 }),
        checkpointsGiB: fc.integer({ min: 100, max: 102_400 }),
        protect: fc.boolean(),
      },
      { requiredKeys: ["kubernetesVersion"] },
    ),
  }),
  register: ({ name, args: { kubernetesVersion, ...args } }, world) =>
    new Team(name, { cluster: world.cluster({ kubernetesVersion }), adapters: world.registry, ...args }),
  mutations: [
    { fault: "a namespace with capitals and underscores", code: "AKSFT-NAME-05", argument: "name", name: "Fine_Tune" },
    { fault: "a namespace of 64 characters", code: "AKSFT-NAME-05", argument: "name", name: "t".repeat(64) },
    { fault: "a namespace of Kubernetes", code: "AKSFT-TEAM-03", argument: "name", name: "kube-system" },
    { fault: "the default namespace", code: "AKSFT-TEAM-03", argument: "name", name: "default" },
    { fault: "less than no GPUs", code: "AKSFT-TEAM-01", argument: "maxGpus", args: { maxGpus: -1 } },
    { fault: "half a GPU", code: "AKSFT-TEAM-01", argument: "maxGpus", args: { maxGpus: 0.5 } },
    { fault: "a share smaller than any premium one", code: "AKSFT-TEAM-02", argument: "checkpointsGiB", args: { checkpointsGiB: 99 } },
    { fault: "a share larger than any", code: "AKSFT-TEAM-02", argument: "checkpointsGiB", args: { checkpointsGiB: 102_401 } },
  ],
};

describe("Team, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );

  it("lists several faults at once", () => expectListedTogether(subject), PATIENCE);
});
