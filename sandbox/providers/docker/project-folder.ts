import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";
import { ProviderError } from "../provider-errors";

/**
 * The folder that relative paths start from. The engine starts the official plugin in it, but tells an attached one
 * nothing (pulumi, pkg/resource/plugin/provider_plugin.go, NewProvider); it is found as the working folder of the
 * process at the other end of the connection.
 */
export function projectFolder(port: number): string {
  const folders = new Set(enginesOf(port).map(programFolder));
  const [folder] = folders;
  if (folder !== undefined && folders.size === 1) return folder;
  const why = folders.size === 0 ? "cannot tell which project asks" : "is asked by two projects at once";
  const instead = "give build.context and build.dockerfile as absolute paths";
  throw new ProviderError(`the stand-in for the Docker provider ${why}; ${instead}`);
}

/** Working folders of the processes with a connection to the port: Linux only. */
function enginesOf(port: number): readonly string[] {
  const sockets = clientSockets(port);
  if (sockets.size === 0) return [];
  const processes = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name) && holdsAny(name, sockets));
  return processes.flatMap((pid) => {
    try {
      return [fs.readlinkSync(`/proc/${pid}/cwd`)];
    } catch {
      return [];
    }
  });
}

/** Of /proc/net/tcp: established (01) connections whose remote end is the port, by inode. */
function clientSockets(port: number): ReadonlySet<string> {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  if (!fs.existsSync("/proc/net/tcp")) return new Set();
  const rows = fs.readFileSync("/proc/net/tcp", "utf8").split("\n").map((row) => row.trim().split(/\s+/));
  const established = rows.filter((columns) => columns[2] === remote && columns[3] === "01");
  return new Set(established.map((columns) => `socket:[${columns[9]}]`));
}

function holdsAny(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false; // closed meanwhile
      }
    });
  } catch {
    return false; // ended meanwhile, or someone else's
  }
}

/** `main` of the project moves the program, and with it relative paths (pulumi, pkg/engine/project.go, getPwdMain). */
export function programFolder(workingFolder: string): string {
  for (let folder = workingFolder; ; folder = path.dirname(folder)) {
    const files = ["Pulumi.yaml", "Pulumi.yml"].map((name) => path.join(folder, name));
    const project = files.find((file) => fs.existsSync(file));
    if (project !== undefined) return mainFolder(folder, fs.readFileSync(project, "utf8"));
    if (path.dirname(folder) === folder) return workingFolder;
  }
}

function mainFolder(root: string, project: string): string {
  const settings: unknown = yaml.parse(project);
  const main = typeof settings === "object" && settings !== null && "main" in settings ? settings.main : undefined;
  if (typeof main !== "string" || main === "") return root;
  const target = path.resolve(root, main);
  return fs.existsSync(target) && fs.statSync(target).isDirectory() ? target : path.dirname(target);
}
