import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { fillFolder, toolFolder } from "../../sandbox/toolchain/cache";
import { TOOL_NAMES } from "../../sandbox/toolchain/names";
import { newEnough, onPath, searchFolders } from "../../sandbox/toolchain/on-path";
import { RECIPES } from "../../sandbox/toolchain/recipes";
import { atLeast, versionIn } from "../../sandbox/toolchain/versions";

describe("versionIn", () => {
  it.each([
    ["v3.259.0\n", [3, 259, 0]],
    ["containerd github.com/containerd/containerd/v2 v2.2.0 0123abc", [2, 2, 0]],
    ["containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u1", [1, 6, 20]],
    ["docker-registry github.com/docker/distribution 2.8.2+ds1", [2, 8, 2]],
    ["etcd Version: 3.4.23\nGo Version: go1.19.8", [3, 4, 23]],
    ["go1.26", [1, 26, 0]],
  ])("finds the first version in %j", (text, version) => {
    expect(versionIn(text)).toEqual(version);
  });

  it("finds none where there is none", () => {
    expect(versionIn("command not found")).toBeUndefined();
  });
});

describe("atLeast", () => {
  it.each([
    { version: [3, 249, 0], minimum: [3, 249, 0], result: true },
    { version: [3, 248, 9], minimum: [3, 249, 0], result: false },
    { version: [3, 249, 1], minimum: [3, 249, 2], result: false },
    { version: [4, 0, 0], minimum: [3, 249, 0], result: true },
    { version: [2, 300, 9], minimum: [3, 0, 0], result: false },
  ] as const)("$version against $minimum: $result", ({ version, minimum, result }) => {
    expect(atLeast(version, minimum)).toBe(result);
  });
});

describe("a tool on the PATH", () => {
  it.each([
    ["v3.249.0", true],
    ["v3.248.0", false],
    ["v4.0.0", false],
    ["no version here", false],
  ])("that prints %j is used: %s", (printed, used) => {
    expect(newEnough(printed, { minimum: [3, 249, 0], below: [4, 0, 0] })).toBe(used);
  });

  it("is looked for in absolute folders only, each once, then where Debian keeps system tools", () => {
    const folders = searchFolders("/opt/bin:relative:/usr/sbin::/opt/bin");
    expect(folders).toEqual(["/opt/bin", "/usr/sbin", "/usr/local/sbin", "/sbin"]);
  });

  describe("in a folder of its own", () => {
    const rule = {
      executables: ["pulumi", "pulumi-language-nodejs"],
      versionArgs: ["version"],
      minimum: [3, 249, 0],
    } as const;
    let folder: string;

    beforeEach(async () => {
      folder = await fs.mkdtemp(path.join(os.tmpdir(), "pulumi-9.9.9-"));
    });

    afterEach(async () => {
      await fs.rm(folder, { recursive: true });
    });

    const put = (name: string, printed: string) =>
      fs.writeFile(path.join(folder, name), `#!/bin/sh\necho "$0 ${printed}"\n`, { mode: 0o755 });

    it("is used with all that belongs to it", async () => {
      await put("pulumi", "v3.260.0");
      await put("pulumi-language-nodejs", "");
      expect(await onPath(rule, folder)).toEqual({
        pulumi: path.join(folder, "pulumi"),
        "pulumi-language-nodejs": path.join(folder, "pulumi-language-nodejs"),
      });
    });

    it("is not used when a part is missing", async () => {
      await put("pulumi", "v3.260.0");
      expect(await onPath(rule, folder)).toBeUndefined();
    });

    it("is judged by what it prints, not by the folder it is in", async () => {
      await put("pulumi", "v3.100.0");
      await put("pulumi-language-nodejs", "");
      expect(await onPath(rule, folder)).toBeUndefined();
    });
  });
});

describe("the cache", () => {
  const chosen = process.env["AKS_FINE_TUNING_CACHE"];
  let cache: string;

  beforeEach(async () => {
    cache = await fs.mkdtemp(path.join(os.tmpdir(), "toolchain-test-"));
    process.env["AKS_FINE_TUNING_CACHE"] = cache;
  });

  afterEach(async () => {
    if (chosen === undefined) delete process.env["AKS_FINE_TUNING_CACHE"];
    else process.env["AKS_FINE_TUNING_CACHE"] = chosen;
    await fs.rm(cache, { recursive: true });
  });

  it("is keyed by name and version", () => {
    expect(toolFolder("runc", "bookworm")).toBe(path.join(cache, "tools", "runc-bookworm"));
  });

  it("is keyed by the recipe too, whose parts do not run together", () => {
    const key = (...recipe: readonly string[]) => path.basename(toolFolder("crane", "0.20.6", recipe));
    expect(key("a", "b")).toMatch(/^crane-0\.20\.6-[0-9a-f]{8}$/);
    expect(key("a", "b")).toBe(key("a", "b"));
    expect(key("a", "b")).not.toBe(key("ab"));
  });

  it("is filled once, however many ask", async () => {
    const folder = toolFolder("tool", "1");
    let made = 0;
    const make = async (temporary: string) => {
      made += 1;
      await fs.writeFile(path.join(temporary, "tool"), "");
    };
    await Promise.all([1, 2, 3].map(() => fillFolder(folder, make, () => undefined)));
    expect(made).toBe(1);
    expect(await fs.readdir(path.join(cache, "tools"))).toEqual(["tool-1"]);
  });

  it("holds nothing of what failed, and sweeps up what was killed", async () => {
    const folder = toolFolder("tool", "1");
    await fs.mkdir(`${folder}.part-1`, { recursive: true });
    const quiet = () => undefined;
    const failing = () => Promise.reject(new Error("no network"));
    await expect(fillFolder(folder, failing, quiet)).rejects.toThrow("no network");
    await expect(fs.access(folder)).rejects.toThrow("ENOENT");
    await fillFolder(folder, () => Promise.resolve(), quiet);
    expect(await fs.readdir(path.join(cache, "tools"))).toEqual(["tool-1"]);
  });
});

it("has one recipe for each tool", () => {
  expect(RECIPES.flatMap((recipe) => recipe.tools).sort()).toEqual([...TOOL_NAMES].sort());
});
