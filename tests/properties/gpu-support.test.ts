import * as fc from "fast-check";
import { GpuSupport, type GpuSupportArgs } from "../../components";
import { images, logicalNames } from "./arbitraries/common";
import { expectAccepted, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

type Given = Omit<GpuSupportArgs, "cluster">;

const subject: Subject<Given> = {
  given: fc.record({
    name: logicalNames,
    args: fc.record<Given, never>({ devicePluginImage: images, metricsExporterImage: images }, { requiredKeys: [] }),
  }),
  register: ({ name, args }, world) => {
    const passedOn = Object.fromEntries(Object.entries(args).map(([key, image]) => [key, world.passed(image)]));
    return new GpuSupport(name, { cluster: world.cluster(), ...passedOn });
  },
  mutations: [],
};

describe("GpuSupport, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);
});
