import { RULES } from "./rules";
import { cluster } from "./subjects/cluster";
import { datasetImage } from "./subjects/dataset-image";
import { autoProvisionedGpuPool, gpuNodePool, preferredSpotGpuPool, spotPreference } from "./subjects/gpu-pools";
import { gpuSupport } from "./subjects/gpu-support";
import { inferenceService } from "./subjects/inference-service";
import { kaitoInferenceService } from "./subjects/kaito-inference-service";
import { kaitoOperator } from "./subjects/kaito-operator";
import { kaitoTuningJob } from "./subjects/kaito-tuning-job";
import { network } from "./subjects/network";
import { registry } from "./subjects/registry";
import { registrySecret } from "./subjects/registry-secret";
import { team } from "./subjects/team";
import { trainerImage } from "./subjects/trainer-image";
import { tuningJob } from "./subjects/tuning-job";

const platform = [network, cluster, gpuNodePool, preferredSpotGpuPool, autoProvisionedGpuPool, spotPreference, gpuSupport, kaitoOperator, registry];
const work = [team, datasetImage, trainerImage, tuningJob, inferenceService, kaitoTuningJob, kaitoInferenceService, registrySecret];
const rows = [...platform, ...work].flatMap(({ mutations }) => mutations.map(({ fault, code, argument, rule }) => ({ fault, code, argument, rule })));

describe("the rules", () => {
  it("are 44, each named once", () => {
    expect(new Set(RULES).size).toBe(44);
    expect(RULES).toHaveLength(44);
  });

  it.each(RULES)("%s: some component refuses what breaks it", (rule) => {
    expect(rows.filter((row) => row.rule === rule)).not.toEqual([]);
  });

  it("are tried once each of a component", () => {
    for (const { mutations } of [...platform, ...work]) {
      const faults = mutations.map(({ fault, argument }) => `${fault} (${argument})`);
      expect(faults).toEqual([...new Set(faults)]);
    }
  });
});
