import { Network } from "../../components";
import { type NetworkGiven, networkGiven } from "./arbitraries/network";
import { expectAccepted, expectListedTogether, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

const subject: Subject<NetworkGiven> = {
  given: networkGiven,
  register: ({ name, args }, { resourceGroupName }) => new Network(name, { resourceGroupName, ...args }),
  mutations: [
    { fault: "a network that is no range", code: "AKSFT-NET-01", argument: "addressSpace", args: ({ nodeRange = "10.100.0.0/20" }) => ({ addressSpace: "10.100.0.0/33", nodeRange }) },
    { fault: "a network whose address is not its first", code: "AKSFT-NET-01", argument: "addressSpace", args: ({ nodeRange = "10.100.0.0/20" }) => ({ addressSpace: "10.100.0.1/16", nodeRange }) },
    { fault: "a range of nodes with an octet above 255", code: "AKSFT-NET-01", argument: "nodeRange", args: { nodeRange: "10.100.300.0/24" } },
    { fault: "a range of nodes outside the network", code: "AKSFT-NET-02", argument: "nodeRange", args: { nodeRange: "172.20.0.0/20" }, alone: true },
    { fault: "a network in the pods' range", code: "AKSFT-NET-03", argument: "addressSpace", args: { addressSpace: "10.244.64.0/18", nodeRange: undefined }, alone: true },
    { fault: "a network around the services' range", code: "AKSFT-NET-03", argument: "addressSpace", args: { addressSpace: "10.64.0.0/10", nodeRange: undefined }, alone: true },
  ],
};

describe("Network, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );

  it("lists several faults at once", () => expectListedTogether(subject), PATIENCE);
});
