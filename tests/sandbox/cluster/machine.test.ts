import { hierarchies } from "../../../sandbox/cluster/machine/cgroups";
import { words } from "../../../sandbox/cluster/machine/network";
import { nodePaths } from "../../../sandbox/cluster/machine/node-paths";
import { sandboxHome } from "../../../sandbox/home";

describe("hierarchies", () => {
  it("are those of version 1 where both are mounted", () => {
    const mounts = [
      "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
      "cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
    ].join("\n");
    expect(hierarchies(mounts)).toEqual([{ mount: "/sys/fs/cgroup/cpuset", version: 1, controllers: ["rw", "cpuset"] }]);
  });

  it("are the one of version 2 elsewhere", () => {
    expect(hierarchies("cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0")).toMatchObject([{ mount: "/sys/fs/cgroup", version: 2 }]);
  });
});

it("firewall rules are split with their comments whole", () => {
  expect(words('-m comment --comment "kubernetes service portals" -j KUBE-SERVICES')).toEqual([
    "-m",
    "comment",
    "--comment",
    "kubernetes service portals",
    "-j",
    "KUBE-SERVICES",
  ]);
});

describe("nodePaths", () => {
  it("stays in the home where a socket's path allows", () => {
    const home = sandboxHome("/tmp/home");
    expect(nodePaths(home, 2)).toMatchObject({ kubelet: "/tmp/home/node2/kubelet", address: "10.200.0.2", podRange: "10.244.1.0/24" });
  });

  it("keeps sockets of a deep home short", () => {
    const home = sandboxHome(`/tmp/${"deep/".repeat(12)}home`);
    expect(nodePaths(home, 1).kubelet).toBe(`/var/lib/aks-fine-tuning/${home.id}/node1/kubelet`);
  });
});
