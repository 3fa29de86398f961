import * as fc from "fast-check";
import { planGpuPool } from "../../../components/plan/gpu-pool";
import { computeShare, deviceProblems, devicesOf, isSliced, type PoolDevices } from "../../../components/plan/gpu-pool/devices";
import { gpuDevices } from "../../../components/plan/gpu-pool/hardware";
import { GPU_INSTANCE_PROFILES, type GpuInstanceProfile } from "../../../components/plan/catalogue/gpu-cards";
import { GPU_SIZE_NAMES, GPU_SIZES } from "../../../components/plan/catalogue/gpu-sizes";
import { describe as text } from "../../../components/plan/refuse";

const A100: PoolDevices = { size: "Standard_NC24ads_A100_v4" };
const PROFILES = Object.keys(GPU_INSTANCE_PROFILES) as readonly GpuInstanceProfile[];
const SLICEABLE = GPU_SIZE_NAMES.filter((size) => GPU_SIZES[size].slices !== undefined);

describe("a pool's GPUs", () => {
  it("are the size's unless the pool says otherwise", () => {
    expect(devicesOf({ size: "Standard_NC64as_T4_v3" })).toEqual({ gpusPerNode: 4, gpuResource: "nvidia.com/gpu", gpuMemoryGiB: 14.75 });
    const own = { gpusPerNode: 7, gpuResource: "nvidia.com/mig-1g.10gb", gpuMemoryGiB: 9 };
    expect(devicesOf({ ...A100, ...own })).toEqual(own);
  });

  it("are sliced where one has less memory than a card", () => {
    expect([A100, { ...A100, gpusPerNode: 1 }, { ...A100, gpuMemoryGiB: 79.25 }].map(isSliced)).toEqual([false, false, false]);
    expect(isSliced({ ...A100, gpuMemoryGiB: 39 })).toBe(true);
  });

  it("of this library are never refused, and compute as their profile says", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SLICEABLE), fc.constantFrom(...PROFILES), fc.constantFrom("single", "mixed"), (size, profile, strategy) => {
        const pool = { size, ...gpuDevices(size, profile, strategy) };
        expect(deviceProblems(pool)).toEqual([]);
        expect(computeShare(pool)).toBe(GPU_INSTANCE_PROFILES[profile].compute);
      }),
    );
    expect(deviceProblems(planGpuPool("tune", { ...A100, gpuInstanceProfile: "MIG1g", migStrategy: "mixed" }))).toEqual([]);
  });

  it("compute by their memory where no profile makes them so", () => {
    expect(computeShare(A100)).toBe(1);
    expect(computeShare({ ...A100, gpusPerNode: 2, gpuMemoryGiB: 79.25 / 10 })).toBeCloseTo(0.1, 9);
  });

  it.each<[Partial<PoolDevices>, string]>([
    [{ gpusPerNode: 0 }, "AKSFT-POOL-27 gpusPerNode: got 0; must be a whole number from 1 to 7; fix: use 1"],
    [{ gpusPerNode: 8 }, "AKSFT-POOL-27 gpusPerNode: got 8; must be a whole number from 1 to 7; fix: use 7"],
    [
      { gpuResource: "nvidia.com/mig-1g" },
      'AKSFT-POOL-27 gpuResource: got "nvidia.com/mig-1g"; is neither nvidia.com/gpu nor the name of a slice, as NVIDIA\'s device plugin spells it; ' +
        'fix: use "nvidia.com/gpu", or for example "nvidia.com/mig-1g.10gb"',
    ],
    [{ gpuMemoryGiB: 80 }, "AKSFT-POOL-27 gpuMemoryGiB: got 80; must be above 0 and at most 79.25, which one A100 80GB PCIe has; fix: use 79.25 for whole GPUs, or leave it out"],
    [{ gpuMemoryGiB: 0 }, "AKSFT-POOL-27 gpuMemoryGiB: got 0; must be above 0 and at most 79.25, which one A100 80GB PCIe has; fix: use 79.25 for whole GPUs, or leave it out"],
  ])("that are said to be %p are refused", (said, problem) => {
    expect(deviceProblems({ ...A100, ...said }).map(text)).toEqual([problem]);
  });

  it.each<[Partial<PoolDevices>]>([[{ gpusPerNode: 7 }], [{ gpuMemoryGiB: 79.25 }], [{ gpuResource: "nvidia.com/mig-1g.10gb.me" }]])("may be %p", (said) => {
    expect(deviceProblems({ ...A100, ...said })).toEqual([]);
  });
});
