import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as components from "../../components";
import { install, pack, type Tarball } from "../support/packed";
import { PROGRAM } from "./program";

const ROOT = path.resolve(__dirname, "..", "..");
const TSC = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
const MINUTES = 60_000;

/** Classes and functions that users import: everything of the public surface that exists when a program runs. */
const EXPORTED = Object.keys(components).sort();
const COMPONENTS = EXPORTED.filter((name) => /^class /.test(String(Reflect.get(components, name))));

/** All that a user needs, and nothing else: whatever else turns up in the tarball fails the test by its name. */
const ALLOWED = [
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^package\.json$/,
  /^dist\/(components|cli|policy)\/[\w/-]+\.(js|d\.ts)$/,
  /^dist\/policy\/(PulumiPolicy\.yaml|package\.json|README\.md)$/,
  /^images\/trainer\/(Dockerfile|README\.md|\.dockerignore|requirements\.txt)$/,
  /^images\/trainer\/trainer\/\w+\.py$/,
];

/** Provider packages whose root loads every resource there is; `@pulumi/docker` is small enough to be imported whole. */
const ROOT_IMPORT = /(?:require|import|from)\s*\(?\s*["']@pulumi\/(?:azure-native|kubernetes)["']/;

let tarball: Tarball;
let user: string;

function run(program: string, ...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: user, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

function built(suffix: string): readonly (readonly [string, string])[] {
  const files = tarball.contents.filter((file) => file.startsWith("dist/") && file.endsWith(suffix));
  return files.map((file) => [file, readFileSync(path.join(user, "node_modules/aks-fine-tuning", file), "utf8")] as const);
}

beforeAll(() => {
  tarball = pack();
  user = install(tarball);
}, 10 * MINUTES);

describe("the packed package", () => {
  it("holds what users need and nothing else", () => {
    expect(tarball.contents.filter((file) => !ALLOWED.some((rule) => rule.test(file)))).toEqual([]);
    expect(tarball.contents).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "dist/cli/main.js", "dist/components/index.d.ts", "images/trainer/Dockerfile"]),
    );
  });

  it("has a declaration for each module, and no module whose source is gone", () => {
    const modules = built(".js").map(([file]) => file.replace(/\.js$/, "")).sort();
    expect(built(".d.ts").map(([file]) => file.replace(/\.d\.ts$/, "")).sort()).toEqual(modules);
    const sources = ["components", "cli", "policy"].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => path.posix.join("dist", folder, file.replaceAll(path.sep, "/"))),
    );
    expect(modules).toEqual(sources.flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []).sort());
  });

  it("never imports the root of a large provider package", () => {
    expect([...built(".js"), ...built(".d.ts")].filter(([, text]) => ROOT_IMPORT.test(text)).map(([file]) => file)).toEqual([]);
  });

  it("names itself in every type token, so that the package and a plugin of it share resources", () => {
    const { name } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { readonly name: string };
    const tokens = built(".js").flatMap(([, text]) => [...text.matchAll(/super\("([^"]+)"/g)].map(([, token]) => token));
    // The one resource of its own, by Pulumi's dynamic provider.
    const own = `pulumi-nodejs:dynamic/${name}:TokenPassword`;
    expect([...tokens].sort()).toEqual([...COMPONENTS.map((component) => `${name}:index:${component}`), own].sort());
  });

  it("is required from CommonJS", () => {
    const script = `console.log(JSON.stringify(Object.keys(require("aks-fine-tuning")).sort()))`;
    expect(JSON.parse(run("node", "--input-type=commonjs", "-e", script).stdout)).toEqual(EXPORTED);
  });

  it("is imported by name from an ES module", () => {
    const script = `import { ${EXPORTED.join(", ")} } from "aks-fine-tuning"; console.log(JSON.stringify([${COMPONENTS.join(", ")}].map((each) => each.name)))`;
    writeFileSync(path.join(user, "by-name.mjs"), script);
    const { stdout, stderr } = run("node", "by-name.mjs");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(COMPONENTS);
  });

  // The first time with every declaration that it reaches, ours and those of @pulumi/azure-native; the others differ only in how imports resolve.
  it.each([
    { module: "nodenext", moduleResolution: "nodenext", type: "module", skipLibCheck: false },
    { module: "nodenext", moduleResolution: "nodenext", type: "commonjs", skipLibCheck: true },
    { module: "node16", moduleResolution: "node16", type: "commonjs", skipLibCheck: true },
    { module: "esnext", moduleResolution: "bundler", type: "module", skipLibCheck: true },
  ])(
    "type-checks a program with every component: $moduleResolution, $type",
    ({ type, ...settings }) => {
      expect(COMPONENTS.filter((component) => !PROGRAM.includes(`new ${component}(`))).toEqual([]);
      writeFileSync(path.join(user, "package.json"), JSON.stringify({ name: "user", version: "1.0.0", private: true, type }));
      writeFileSync(path.join(user, "index.ts"), PROGRAM);
      const compilerOptions = { ...settings, noEmit: true, strict: true, target: "es2023", types: ["node"] };
      writeFileSync(path.join(user, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
      expect(run("node", TSC, "-p", "tsconfig.json")).toEqual({ code: 0, stdout: "", stderr: "" });
    },
    5 * MINUTES,
  );

  it("brings the command, which explains itself and sizes a run", () => {
    const command = path.join(user, "node_modules", ".bin", "aks-fine-tuning");
    expect(run(command, "--help")).toEqual({ code: 0, stdout: expect.stringContaining("aks-fine-tuning size"), stderr: "" });
    const sized = run(command, "size", "--model", "Qwen2.5-7B-Instruct", "--method", "qlora", "--sequence-length", "1024", "--json");
    expect(JSON.parse(sized.stdout)).toMatchObject({ shape: { nodes: 1, gpusPerNode: 1 } });
    expect(run(command, "sise")).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "size"?') });
  });
});

describe("the API documentation", () => {
  it("covers everything public, without a warning", () => {
    const { status, stdout, stderr } = spawnSync("node", [path.join(ROOT, "node_modules/typedoc/bin/typedoc"), "--pretty", "false", "--emit", "none"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(`${stdout}${stderr}`).not.toMatch(/warning|error/i);
    expect(status).toBe(0);
  }, 5 * MINUTES);
});
