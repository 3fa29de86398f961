import { type GpuSupportDecisions, planGpuSupport } from "../../components/plan/gpu-support";
import { problemsOf } from "../support/refusal";
import { byDigest } from "../support/tiny-recipe";

const PINNED = { devicePluginImage: byDigest("nvcr.io/nvidia/plugin", "1"), metricsExporterImage: byDigest("nvcr.io/nvidia/exporter", "2") };
const TAGGED = { devicePluginImage: "nvcr.io/nvidia/plugin:1", metricsExporterImage: "nvcr.io/nvidia/exporter:2" };
const byTag = (path: string, image: string) =>
  `AKSFT-GPU-01 ${path}: got "${image}"; a tag can move, and production takes images by digest alone; ` +
  'fix: run aks-fine-tuning pin, which writes it by digest, or use environment "development"';

describe("planGpuSupport", () => {
  it("runs both parts, for whole GPUs, in production", () => {
    expect(planGpuSupport("gpu", {}, PINNED)).toEqual({ environment: "production", devicePlugin: true, kaitoNodes: false, metrics: true, migStrategy: "none", tolerations: [] });
  });

  it("refuses tags in production, each of a part that runs", () => {
    expect(problemsOf(() => planGpuSupport("gpu", {}, TAGGED))).toEqual([
      byTag("devicePluginImage", TAGGED.devicePluginImage),
      byTag("metricsExporterImage", TAGGED.metricsExporterImage),
    ]);
    expect(problemsOf(() => planGpuSupport("gpu", { metrics: false }, TAGGED))).toEqual([byTag("devicePluginImage", TAGGED.devicePluginImage)]);
    expect(problemsOf(() => planGpuSupport("gpu", { devicePlugin: false, environment: "production" }, TAGGED, "development"))).toEqual([
      byTag("metricsExporterImage", TAGGED.metricsExporterImage),
    ]);
  });

  it.each<[GpuSupportDecisions, "development" | undefined]>([
    [{ environment: "development" }, undefined],
    [{}, "development"],
  ])("takes tags with %j on a cluster of %p", (decisions, cluster) => {
    expect(planGpuSupport("gpu", decisions, TAGGED, cluster).environment).toBe("development");
  });

  it("lets what is not known yet pass, to be checked when it is", () => {
    const unknown = { devicePluginImage: Promise.resolve("x"), metricsExporterImage: Promise.resolve("y") };
    expect(planGpuSupport("gpu", {}, unknown).devicePlugin).toBe(true);
  });

  it("tolerates each taint of the pools once", () => {
    const taint = (key: string) => ({ key, operator: "Equal", value: "x", effect: "NoSchedule" }) as const;
    const pools = [{ tolerations: [taint("a")] }, { tolerations: [taint("a"), taint("b")] }];
    expect(planGpuSupport("gpu", { pools }, PINNED).tolerations).toEqual([taint("a"), taint("b")]);
  });

  it("refuses an unknown strategy, and to run nothing", () => {
    const strategy: string = "singel";
    const bad = { migStrategy: strategy as "single" };
    expect(problemsOf(() => planGpuSupport("gpu", bad, PINNED))).toEqual([
      'AKSFT-GPU-02 migStrategy: got "singel"; is none of none, single, mixed; fix: did you mean "single"?',
    ]);
    expect(problemsOf(() => planGpuSupport("gpu", { devicePlugin: false, metrics: false }, TAGGED))).toEqual([
      "AKSFT-GPU-03 metrics: got false; with devicePlugin false too there is nothing to run; fix: remove the component",
    ]);
  });
});
