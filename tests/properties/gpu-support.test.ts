import * as fc from "fast-check";
import { GpuSupport, type GpuSupportArgs } from "../../components";
import { images, logicalNames } from "./arbitraries/common";
import { describeSubject } from "./describe-subject";

type Given = Omit<GpuSupportArgs, "cluster">;

describeSubject({
  component: "GpuSupport",
  given: fc.record({
    name: logicalNames,
    args: fc.record<Given, never>({ devicePluginImage: images, metricsExporterImage: images }, { requiredKeys: [] }),
  }),
  register: ({ name, args }, world) => {
    const passedOn = Object.fromEntries(Object.entries(args).map(([key, image]) => [key, world.passed(image)]));
    return new GpuSupport(name, { cluster: world.cluster(), ...passedOn });
  },
  mutations: [],
});
