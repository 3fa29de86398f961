import * as fs from "node:fs/promises";
import * as path from "node:path";
import { run } from "../toolchain/commands";
import { findExecutable } from "../toolchain/on-path";
import { ImagesUnavailable } from "./unavailable";

/** What Python and its compiled packages need, and a shell to look around with. */
const PACKAGES = ["base-files", "busybox-static", "libgomp1", "libstdc++6"];

/** Brings pip as one file; it stays outside the image. */
const PIP_PACKAGE = "python3-pip-whl";

const SHELL_COMMANDS = "sh ls cat env id df du head tail grep find ps sleep vi".split(" ");

/** Documentation, translations and packaging records: nothing in a container reads them. */
const UNUSED = "usr/share/doc usr/share/man usr/share/info usr/share/locale usr/share/lintian var/lib/dpkg".split(" ");

const USER = 10001;

/** A root file system with Python, and the file that holds pip. */
export interface SystemRoot {
  readonly python: string;
  readonly pip: string;
}

/**
 * Fills `root` from this machine's Debian mirror. Packages are unpacked and not installed, so neither root nor a chroot
 * is needed; the resolver is told that nothing is installed, so it names everything.
 */
export async function makeSystemRoot(
  root: string,
  work: string,
  report: (detail: string) => void,
): Promise<SystemRoot> {
  const dpkg = await findExecutable("dpkg-deb");
  const apt = await findExecutable("apt-get");
  if (dpkg === undefined || apt === undefined) throw new ImagesUnavailable("apt-get and dpkg-deb are not on the PATH");

  report("Debian packages");
  const archives = await downloadPackages(apt, work);
  await makeMergedUsr(root);
  const pipFolder = path.join(work, "pip");
  await fs.mkdir(pipFolder, { recursive: true });
  for (const archive of archives) {
    const into = path.basename(archive).startsWith(`${PIP_PACKAGE}_`) ? pipFolder : root;
    // Through tar: dpkg-deb would replace the links of a merged /usr by folders.
    const script = '"$1" --fsys-tarfile "$2" | tar --extract --keep-directory-symlink --no-same-owner --directory "$3"';
    await run("sh", ["-ec", script, "sh", dpkg, archive, into]);
  }
  await Promise.all(UNUSED.map((folder) => fs.rm(path.join(root, folder), { recursive: true, force: true })));
  await finishRoot(root);
  return { python: await pythonOf(root), pip: await wheelIn(path.join(pipFolder, "usr/share/python-wheels")) };
}

async function downloadPackages(apt: string, work: string): Promise<readonly string[]> {
  const archives = path.join(work, "apt", "cache", "archives");
  await fs.mkdir(path.join(archives, "partial"), { recursive: true });
  await fs.mkdir(path.join(work, "apt", "lists", "partial"), { recursive: true });
  const nothingInstalled = path.join(work, "apt", "status");
  await fs.writeFile(nothingInstalled, "");
  const settings = Object.entries({
    "Dir::State::lists": path.join(work, "apt", "lists"),
    "Dir::State::status": nothingInstalled,
    "Dir::Cache": path.join(work, "apt", "cache"),
    "APT::Sandbox::User": "root",
    "Debug::NoLocking": "1",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const options = { env: { LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" } };

  await run(apt, [...settings, "--quiet", "update"], options);
  const cache = await run(apt.replace("apt-get", "apt-cache"), [...settings, "depends", "python3-minimal"], options);
  const python = /\b(python3\.\d+)-minimal\b/.exec(cache)?.[1];
  if (python === undefined) throw new ImagesUnavailable("the package mirror has no python3-minimal");
  const wanted = [...PACKAGES, PIP_PACKAGE, `${python}-minimal`, `lib${python}-stdlib`];
  const install = ["install", "--yes", "--quiet", "--download-only", "--no-install-recommends"];
  await run(apt, [...settings, ...install, ...wanted], options);
  const files = (await fs.readdir(archives)).filter((file) => file.endsWith(".deb")).sort();
  return files.map((file) => path.join(archives, file));
}

/** /bin, /lib and /sbin are links into /usr on Debian since bookworm; the packages rely on it. */
async function makeMergedUsr(root: string): Promise<void> {
  for (const name of ["bin", "lib", "lib64", "sbin"]) {
    await fs.mkdir(path.join(root, "usr", name), { recursive: true });
    await fs.symlink(path.join("usr", name), path.join(root, name));
  }
}

async function finishRoot(root: string): Promise<void> {
  for (const command of SHELL_COMMANDS) {
    // Another release may bring some of them as programs of their own.
    await fs.symlink("busybox", path.join(root, "usr/bin", command)).catch(() => undefined);
  }
  await fs.mkdir(path.join(root, "etc"), { recursive: true });
  await fs.writeFile(
    path.join(root, "etc/passwd"),
    `root:x:0:0:root:/root:/bin/sh\ntuning:x:${USER}:${USER}:tuning:/tmp/home:/bin/sh\n`,
  );
  await fs.writeFile(path.join(root, "etc/group"), `root:x:0:\ntuning:x:${USER}:\n`);
  await fs.mkdir(path.join(root, "tmp"), { recursive: true });
}

async function pythonOf(root: string): Promise<string> {
  const names = await fs.readdir(path.join(root, "usr/bin"));
  const python = names.find((name) => /^python3\.\d+$/.test(name));
  if (python === undefined) throw new ImagesUnavailable("the Debian packages brought no Python");
  return python;
}

async function wheelIn(folder: string): Promise<string> {
  const wheel = (await fs.readdir(folder)).find((name) => name.startsWith("pip-"));
  if (wheel === undefined) throw new ImagesUnavailable(`the package ${PIP_PACKAGE} brought no pip`);
  return path.join(folder, wheel);
}
