import { Cluster } from "../../components";
import { type ClusterGiven, clusterGiven } from "./arbitraries/cluster";
import { expectAccepted, expectListedTogether, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

const subject: Subject<ClusterGiven> = {
  given: clusterGiven,
  register: ({ name, args }, { resourceGroupName, network }) => new Cluster(name, { resourceGroupName, network, ...args }),
  mutations: [
    { fault: "a name of 64 characters", code: "AKSFT-NAME-02", argument: "name", name: "a".repeat(64) },
    { fault: "a name that ends with a hyphen", code: "AKSFT-NAME-02", argument: "name", name: "train-" },
    { fault: "a version out of support", code: "AKSFT-CLUSTER-01", argument: "kubernetesVersion", args: { kubernetesVersion: "1.30" } },
    { fault: "the latest version", code: "AKSFT-CLUSTER-01", argument: "kubernetesVersion", args: { kubernetesVersion: "latest" } },
    { fault: "a version with a v", code: "AKSFT-CLUSTER-01", argument: "kubernetesVersion", args: { kubernetesVersion: "v1.35" } },
    { fault: "a system pool without nodes", code: "AKSFT-CLUSTER-02", argument: "systemPool.nodes", args: { systemPool: { nodes: 0 } } },
    { fault: "a system pool of less than no nodes", code: "AKSFT-CLUSTER-02", argument: "systemPool.nodes", args: { systemPool: { nodes: -1 } } },
    { fault: "a system pool of 1001 nodes", code: "AKSFT-CLUSTER-02", argument: "systemPool.nodes", args: { systemPool: { nodes: 1001 } } },
    { fault: "half a node", code: "AKSFT-CLUSTER-02", argument: "systemPool.nodes", args: { systemPool: { nodes: 1.5 } } },
    { fault: "the whole Internet as a restriction", code: "AKSFT-CLUSTER-03", argument: "authorizedIpRanges", args: { authorizedIpRanges: ["0.0.0.0/0"] } },
    { fault: "a malformed range", code: "AKSFT-CLUSTER-03", argument: "authorizedIpRanges", args: { authorizedIpRanges: ["203.0.113.8/32", "10.0.0.300/24"] } },
  ],
};

describe("Cluster, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );

  it("lists several faults at once", () => expectListedTogether(subject), PATIENCE);
});
