import * as fs from "node:fs/promises";
import * as path from "node:path";
import { run } from "../toolchain/commands";
import { findExecutable } from "../toolchain/on-path";
import { ImagesUnavailable } from "./unavailable";

interface Binutils {
  readonly gcc: string;
  readonly nm: string;
  readonly readelf: string;
}

/** CUDA_ERROR_NO_DEVICE; any value but 0 is an error to every one of these libraries. */
const ANSWER = 100;

/** The driver's library. Nothing loads what needs it until a GPU is found; a stub would stand in a real one's way. */
const DRIVER = "libcuda.so.1";

/**
 * PyPI's torch is the CUDA build and is linked with gigabytes of CUDA libraries. On a machine without a GPU none of
 * them is ever called, so libraries take their place whose every function returns an error. For the sandbox only: the
 * production image has the real ones.
 */
export async function makeCudaStubs(torchFolder: string, cudaFolder: string): Promise<void> {
  const tools = await binutils();
  const libraries = (await fs.readdir(torchFolder)).filter((name) => /\.so(\.|$)/.test(name));
  const present = new Set([...libraries, ...(await fs.readdir(cudaFolder))]);

  const files = libraries.map((name) => path.join(torchFolder, name));
  const missing = new Set<string>();
  const symbols = new Map<string, Set<string>>();
  for (const file of files) {
    for (const soname of await neededCudaLibraries(tools, file)) if (!present.has(soname)) missing.add(soname);
    for (const symbol of await versionedSymbols(tools, file)) note(symbols, symbol);
  }
  missing.delete(DRIVER);
  const stubs = [...missing].sort();
  await Promise.all(stubs.map((soname) => makeStub(tools, cudaFolder, soname, symbols.get(soname) ?? new Set())));
}

/** Machine code for GPUs, two thirds of the library: replaced by zeros, which take no room in a compressed layer. */
export async function emptyGpuCode(torchFolder: string): Promise<void> {
  const { readelf } = await binutils();
  for (const name of (await fs.readdir(torchFolder)).filter((file) => /^libtorch_.*\.so$/.test(file))) {
    const file = path.join(torchFolder, name);
    const sections = await run(readelf, ["--section-headers", "--wide", file]);
    const match = /\.nv_fatbin\s+PROGBITS\s+[0-9a-f]+\s+([0-9a-f]+)\s+([0-9a-f]+)/.exec(sections);
    if (match === null) continue;
    const [offset, length] = [parseInt(match[1] ?? "", 16), parseInt(match[2] ?? "", 16)];
    await run("fallocate", ["--punch-hole", "--offset", String(offset), "--length", String(length), file]);
  }
}

async function binutils(): Promise<Binutils> {
  const [gcc, nm, readelf] = await Promise.all(["gcc", "nm", "readelf"].map((name) => findExecutable(name)));
  if (gcc === undefined || nm === undefined || readelf === undefined) {
    throw new ImagesUnavailable("gcc and binutils are not on the PATH");
  }
  return { gcc, nm, readelf };
}

async function neededCudaLibraries({ readelf }: Binutils, file: string): Promise<readonly string[]> {
  const dynamic = await run(readelf, ["--dynamic", "--wide", file]);
  const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1] ?? "");
  return needed.filter((name) => /^lib(cu|nccl|nv)/.test(name));
}

interface MissingSymbol {
  readonly name: string;
  readonly soname: string;
}

/** Undefined symbols by the library that a version or a prefix gives them to. */
async function versionedSymbols({ nm, readelf }: Binutils, file: string): Promise<readonly MissingSymbol[]> {
  const owners = new Map<string, string>();
  let owner = "";
  for (const line of (await run(readelf, ["--version-info", "--wide", file])).split("\n")) {
    owner = /Version: \d+\s+File: (\S+)/.exec(line)?.[1] ?? owner;
    const version = /Name: (\S+)\s+Flags/.exec(line)?.[1];
    if (version !== undefined) owners.set(version, owner);
  }
  const undefinedSymbols = await run(nm, ["--dynamic", "--undefined-only", file]);
  return [...undefinedSymbols.matchAll(/^\s+U (\w+)(?:@(\S+))?$/gm)].flatMap(([, name = "", version]) => {
    const byPrefix = UNVERSIONED.find(([prefix]) => name.startsWith(prefix))?.[1];
    const soname = version === undefined ? byPrefix : owners.get(version);
    return soname === undefined ? [] : [{ name, soname }];
  });
}

/** Libraries whose symbols carry no version. */
const UNVERSIONED = [
  ["nccl", "libnccl.so.2"],
  ["cuFile", "libcufile.so.0"],
  ["cusparseLt", "libcusparseLt.so.0"],
] as const;

function note(symbols: Map<string, Set<string>>, { name, soname }: MissingSymbol): void {
  const known = symbols.get(soname) ?? new Set();
  symbols.set(soname, known.add(name));
}

async function makeStub(tools: Binutils, folder: string, soname: string, names: ReadonlySet<string>): Promise<void> {
  const source = path.join(folder, `${soname}.c`);
  const versions = path.join(folder, `${soname}.map`);
  const functions = [...names].sort().map((name) => `int ${name}(void) { return ${ANSWER}; }`);
  await fs.writeFile(source, `${functions.join("\n")}\n`);
  const unversioned = UNVERSIONED.some(([, library]) => library === soname);
  const version = soname.startsWith("libnvshmem") ? "NVSHMEM" : soname;
  await fs.writeFile(versions, `${version} { global: *; };\n`);
  await run(tools.gcc, [
    ...["-shared", "-fPIC", "-w", "-O1", "-fno-builtin", "-nostdlib", "-o", path.join(folder, soname)],
    ...[`-Wl,-soname,${soname}`, ...(unversioned ? [] : [`-Wl,--version-script=${versions}`]), source],
  ]);
  await Promise.all([fs.rm(source), fs.rm(versions)]);
}
