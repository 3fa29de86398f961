import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { contextDigest, contextFiles, parseIgnore } from "../../sandbox/providers/docker/build-context";
import { parseDockerfile } from "../../sandbox/providers/docker/dockerfile";
import { parseImageName } from "../../sandbox/providers/docker/image-name";
import { layerEntries, layerTar } from "../../sandbox/providers/docker/layer";
import { ociImage } from "../../sandbox/providers/docker/oci-image";
import { programFolder } from "../../sandbox/providers/docker/project-folder";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "docker-provider-"));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
}

function build(dockerfile: string) {
  write({ Dockerfile: dockerfile });
  const { copies, labels } = parseDockerfile(dockerfile);
  const entries = layerEntries(copies, contextFiles(folder, path.join(folder, "Dockerfile")), folder);
  return { targets: entries.map(({ target }) => target), image: ociImage(layerTar(entries), "linux/amd64", labels) };
}

describe("a Dockerfile", () => {
  it("copies files and folders into nothing, with labels, comments and continued lines", () => {
    const dockerfile = '# data\nFROM scratch\nLABEL a=1 b="two words"\nCOPY --link \\\n  data README.md /data/\n';
    expect(parseDockerfile(dockerfile)).toEqual({
      copies: [{ sources: ["data", "README.md"], destination: "/data", intoFolder: true }],
      labels: { a: "1", b: "two words" },
    });
  });

  it.each([
    "FROM python:3",
    "COPY a /a",
    "FROM scratch\nRUN true",
    "FROM scratch\nCOPY --chown=1:1 a /a",
    "FROM scratch\nCOPY *.txt /a",
  ])("that a stand-in cannot build is refused, saying that it is one: %j", (dockerfile) => {
    expect(() => parseDockerfile(dockerfile)).toThrow(/^line \d+: .*\nthis is a stand-in for the Docker provider/);
  });

  it("puts a folder's content into the destination and a file under its name", () => {
    write({ "data/train.jsonl": "{}", "data/deep/x": "x", "README.md": "r" });
    expect(build("FROM scratch\nCOPY data /data\nCOPY README.md /docs/\nCOPY README.md /top\n").targets).toEqual([
      "/data/deep/x",
      "/data/train.jsonl",
      "/docs/README.md",
      "/top",
    ]);
  });

  it("that copies what is not there is refused", () => {
    expect(() => build("FROM scratch\nCOPY data /data\n")).toThrow("COPY data: no such file in the build context");
  });
});

describe("an image", () => {
  it("has the same digest for the same content, whatever the times and the owner's mask", () => {
    write({ "data/train.jsonl": '{"a":1}\n' });
    const first = build("FROM scratch\nCOPY data /data\n").image.digest;
    fs.utimesSync(path.join(folder, "data/train.jsonl"), 1, 1);
    fs.chmodSync(path.join(folder, "data/train.jsonl"), 0o600);
    expect(build("FROM scratch\nCOPY data /data\n").image.digest).toBe(first);
    write({ "data/train.jsonl": '{"a":2}\n' });
    expect(build("FROM scratch\nCOPY data /data\n").image.digest).not.toBe(first);
  });

  it("describes its platform and its uncompressed layer", () => {
    write({ "data/x": "x" });
    const { blobs } = build("FROM scratch\nLABEL run=1\nCOPY data /data\n").image;
    const config: unknown = JSON.parse([...blobs.values()][0]?.toString() ?? "");
    expect(config).toMatchObject({ os: "linux", architecture: "amd64", config: { Labels: { run: "1" } } });
  });

  it("is named with its registry, the tag apart", () => {
    expect(parseImageName("10.200.0.1:5002/team/data:one")).toEqual({
      registry: "10.200.0.1:5002",
      repository: "10.200.0.1:5002/team/data",
    });
    expect(parseImageName("mlreg.azurecr.io/trainer")?.repository).toBe("mlreg.azurecr.io/trainer");
    expect(parseImageName("library/python:3")).toBeUndefined();
  });
});

describe("a build context", () => {
  const digest = (): string => contextDigest(folder, path.join(folder, "Dockerfile"));

  it("has a digest that a changed, renamed or executable file changes, and an ignored one does not", () => {
    write({ Dockerfile: "FROM scratch\n", ".dockerignore": "*.log\n", a: "1" });
    const seen = [digest()];
    write({ "x.log": "noise" });
    expect(digest()).toBe(seen[0]);
    write({ a: "2" });
    seen.push(digest());
    fs.renameSync(path.join(folder, "a"), path.join(folder, "b"));
    seen.push(digest());
    fs.chmodSync(path.join(folder, "b"), 0o755);
    seen.push(digest());
    expect(new Set(seen).size).toBe(4);
  });

  it("leaves out what .dockerignore names, with exceptions, the last line deciding", () => {
    const ignored = parseIgnore("# comment\nnode_modules\n**/*.tmp\n/build/\n!build/keep\n");
    const names = ["node_modules/a/b", "x/y.tmp", "z.tmp", "build/out", "build/keep", "src/build", "a.txt"];
    expect(names.filter(ignored)).toEqual(["node_modules/a/b", "x/y.tmp", "z.tmp", "build/out"]);
  });
});

describe("relative paths", () => {
  it("start where the engine runs the program", () => {
    write({ "Pulumi.yaml": "name: x\nmain: stacks/\n", "stacks/index.ts": "", "sub/x": "" });
    expect(programFolder(path.join(folder, "sub"))).toBe(path.join(folder, "stacks"));
    write({ "Pulumi.yaml": "name: x\n" });
    expect(programFolder(folder)).toBe(folder);
    write({ "Pulumi.yaml": "name: x\nmain: stacks/index.ts\n" });
    expect(programFolder(folder)).toBe(path.join(folder, "stacks"));
  });
});
