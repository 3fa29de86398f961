import * as fs from "node:fs";
import * as path from "node:path";
import { isMissing, readText } from "../../files";

/** Controllers that a kubelet wants in version 2, without which it does not start. */
const CONTROLLERS_V2 = ["cpu", "cpuset", "memory", "pids"];

interface Hierarchy {
  readonly mount: string;
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
}

/** The mounted cgroup hierarchies that a kubelet uses. */
export function hierarchies(mounts = readText("/proc/mounts") ?? ""): readonly Hierarchy[] {
  const lines = mounts.split("\n").map((line) => line.split(" "));
  const all = lines.flatMap(([, mount = "", type, options = ""]): Hierarchy[] => {
    if (type === "cgroup2") return [{ mount, version: 2, controllers: [] }];
    return type === "cgroup" ? [{ mount, version: 1, controllers: options.split(",") }] : [];
  });
  const first = all.filter(({ version }) => version === 1);
  // With both, version 1 has the controllers and the unified hierarchy is only for systemd's bookkeeping.
  return first.length > 0 ? first : all;
}

/** Makes the group at the top of every hierarchy, ready for groups within it. */
export function makeCgroup(name: string): void {
  for (const { mount, version, controllers } of hierarchies()) {
    const folder = path.join(mount, name);
    if (version === 2) enableControllers(mount);
    fs.mkdirSync(folder, { recursive: true });
    if (version === 2) enableControllers(folder);
    // A new cpuset is empty, and nothing can run in an empty one.
    if (controllers.includes("cpuset")) {
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        if ((readText(path.join(folder, file)) ?? "").trim() !== "") continue;
        fs.writeFileSync(path.join(folder, file), readText(path.join(mount, file)) ?? "");
      }
    }
  }
}

function enableControllers(folder: string): void {
  const enabled = (readText(path.join(folder, "cgroup.subtree_control")) ?? "").trim().split(" ");
  const missing = CONTROLLERS_V2.filter((controller) => !enabled.includes(controller));
  if (missing.length === 0) return;
  fs.writeFileSync(path.join(folder, "cgroup.subtree_control"), missing.map((controller) => `+${controller}`).join(" "));
}

/** Process ids in the group and those below it. */
export function processesIn(name: string): readonly number[] {
  const pids = hierarchies().flatMap(({ mount }) =>
    groupsBelow(path.join(mount, name)).flatMap((folder) =>
      (readText(path.join(folder, "cgroup.procs")) ?? "").split("\n").filter((line) => line !== "").map(Number),
    ),
  );
  return [...new Set(pids)];
}

/** Removes the group and those below it; what still holds a process stays and is returned. */
export function removeCgroup(name: string): readonly string[] {
  const left: string[] = [];
  for (const { mount } of hierarchies()) {
    for (const folder of groupsBelow(path.join(mount, name)).toReversed()) {
      try {
        fs.rmdirSync(folder);
      } catch (error) {
        if (!isMissing(error)) left.push(folder);
      }
    }
  }
  return left;
}

/** Parents before children; nothing if there is no such group. */
function groupsBelow(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  const children = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...children.flatMap((entry) => groupsBelow(path.join(folder, entry.name)))];
}
