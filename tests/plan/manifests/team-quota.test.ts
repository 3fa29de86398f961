import { limitRange, quotaSpec } from "../../../components/plan/manifests/team-quota";
import { planQuota } from "../../../components/plan/team/quota";

/** Each name that a GPU or a slice of one has to a pod, by the cards that AKS partitions. */
const GPUS = [
  "gpu",
  ...["mig-1g.10gb", "mig-2g.20gb", "mig-3g.40gb", "mig-4g.40gb", "mig-7g.80gb"],
  ...["mig-1g.5gb", "mig-2g.10gb", "mig-3g.20gb", "mig-4g.20gb", "mig-7g.40gb"],
  ...["mig-1g.12gb", "mig-2g.24gb", "mig-3g.47gb", "mig-4g.47gb", "mig-7g.94gb"],
  ...["mig-1g.18gb", "mig-2g.35gb", "mig-3g.71gb", "mig-4g.71gb", "mig-7g.141gb"],
];
const gpus = (most: string) => Object.fromEntries(GPUS.map((name) => [`requests.nvidia.com/${name}`, most]));

describe("quotaSpec", () => {
  it("limits what nodes are bought for and what etcd holds, and allows no way in from outside", () => {
    expect(quotaSpec(planQuota({}))).toEqual({
      hard: {
        ...gpus("8"),
        pods: "100",
        "requests.cpu": "352",
        "requests.memory": "2688Gi",
        "requests.ephemeral-storage": "4352Gi",
        persistentvolumeclaims: "10",
        "count/jobs.batch": "2000",
        "count/configmaps": "2000",
        "count/secrets": "2000",
        "count/services": "2000",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    });
  });

  it("says what the team was given", () => {
    const quota = { pods: 1, cpuCores: 2, memoryGiB: 3, localDiskGiB: 4, volumeClaims: 5, objects: 10 };
    expect(quotaSpec(planQuota({ maxGpus: 0, quota }))).toEqual({
      hard: {
        ...gpus("0"),
        pods: "1",
        "requests.cpu": "2",
        "requests.memory": "3Gi",
        "requests.ephemeral-storage": "4Gi",
        persistentvolumeclaims: "5",
        "count/jobs.batch": "10",
        "count/configmaps": "10",
        "count/secrets": "10",
        "count/services": "10",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    });
  });
});

describe("limitRange", () => {
  it("gives containers without figures modest ones, and bounds those that name their own", () => {
    expect(limitRange(planQuota({}))).toEqual({
      limits: [
        {
          type: "Container",
          defaultRequest: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "1Gi" },
          default: { cpu: "128", memory: "1Gi", "ephemeral-storage": "100Gi" },
          max: { cpu: "128", memory: "1900Gi" },
        },
      ],
    });
  });

  it("says what the team was given", () => {
    const containers = { memoryGiB: 2, localDiskGiB: 3, maxCpuCores: 4, maxMemoryGiB: 5 };
    expect(limitRange(planQuota({ containers })).limits).toEqual([
      {
        type: "Container",
        defaultRequest: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "1Gi" },
        default: { cpu: "4", memory: "2Gi", "ephemeral-storage": "3Gi" },
        max: { cpu: "4", memory: "5Gi" },
      },
    ]);
  });
});
