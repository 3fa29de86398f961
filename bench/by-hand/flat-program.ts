import type { Json, Recorded, RecordedRead, RecordedResource } from "./recording";

/** How the SDK marks a secret on the wire: https://www.pulumi.com/docs/iac/concepts/secrets/ and `runtime/rpc` of @pulumi/pulumi. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A program, in JavaScript, that registers what was recorded with the same classes of the same SDKs and no component. An input that was made of
 * other resources' outputs is made of them here, so that it is unknown when theirs was; so are order, provider and options.
 */
export function flatProgram(recorded: readonly Recorded[]): string {
  const variables = new Map<string, string>();
  for (const each of recorded) if (each.kind !== "invoke") variables.set(each.urn, `r${variables.size}`);
  const modules = new Map<string, string>();
  const statements = recorded.flatMap((each) => {
    if (each.kind === "invoke") return [];
    const variable = variables.get(each.urn) ?? "";
    return [`const ${variable} = ${each.kind === "read" ? read(each, variables, modules) : registration(each, variables, modules)};`];
  });
  return [
    'const pulumi = require("@pulumi/pulumi");',
    ...[...modules].map(([module, variable]) => `const ${variable} = require(${JSON.stringify(module)});`),
    "const from = (resources, value) => pulumi.all(resources.map((each) => each.id)).apply(() => value);",
    ...invokes(recorded),
    ...statements,
    "",
  ].join("\n");
}

/** Each lookup once, as one would by hand, where its inputs are known before anything exists. */
function invokes(recorded: readonly Recorded[]): readonly string[] {
  const calls = recorded.flatMap((each) =>
    each.kind === "invoke" && Object.keys(each.inputs).length === 0 ? [`pulumi.runtime.invokeOutput(${JSON.stringify(each.token)}, {});`] : [],
  );
  return [...new Set(calls)];
}

function registration({ type, name, inputs, madeOf, ...each }: RecordedResource, variables: ReadonlyMap<string, string>, modules: Map<string, string>): string {
  const given = Object.entries(inputs).map(([input, value]) => {
    const written = type.startsWith("pulumi:providers:") ? providerInput(value) : literal(value);
    const sources = known(madeOf[input] ?? [], variables);
    return `${JSON.stringify(input)}: ${sources.length === 0 ? written : `from([${sources.join(", ")}], ${written})`}`;
  });
  // What an input is made of is waited for anyway.
  const implied = new Set(Object.values(madeOf).flat());
  const extra = known(each.dependsOn.filter((urn) => !implied.has(urn)), variables);
  const options = [...common({ ...each, dependsOn: [] }, variables), ...Object.entries(each.options).map(([option, value]) => `${option}: ${JSON.stringify(value)}`)];
  if (extra.length > 0) options.push(`dependsOn: [${extra.join(", ")}]`);
  return `new ${classOf(type, modules)}(${JSON.stringify(name)}, { ${given.join(", ")} }, { ${options.join(", ")} })`;
}

function read({ type, name, id, ...each }: RecordedRead, variables: ReadonlyMap<string, string>, modules: Map<string, string>): string {
  const sources = known(each.dependsOn, variables);
  return `${classOf(type, modules)}.get(${JSON.stringify(name)}, from([${sources.join(", ")}], ${JSON.stringify(id)}), { ${common(each, variables).join(", ")} })`;
}

function common({ provider, dependsOn }: Pick<RecordedRead, "provider" | "dependsOn">, variables: ReadonlyMap<string, string>): string[] {
  const held = known(provider === undefined ? [] : [provider], variables);
  const after = known(dependsOn, variables);
  return [...held.map((variable) => `provider: ${variable}`), ...(after.length === 0 ? [] : [`dependsOn: [${after.join(", ")}]`])];
}

function known(urns: readonly string[], variables: ReadonlyMap<string, string>): string[] {
  return urns.flatMap((urn) => variables.get(urn) ?? []);
}

/** The SDK's class of a type token: its module's name is the token's module, without the domain that Kubernetes' groups end in. */
function classOf(type: string, modules: Map<string, string>): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  if (provider === "pulumi") return `${imported(`@pulumi/${name}`, modules, name === "kubernetes" ? "/provider" : "")}.Provider`;
  if (provider === "docker") return `${imported("@pulumi/docker", modules, "")}.${name}`;
  return `${imported(`@pulumi/${provider}`, modules, `/${module.replace(/\.[\w.]+(?=\/)/, "")}`)}.${name}`;
}

function imported(sdk: string, modules: Map<string, string>, path: string): string {
  const module = `${sdk}${path}`;
  // Fails here, with the type's name, rather than in the program that was written.
  require.resolve(module);
  const variable = modules.get(module) ?? `m${modules.size}`;
  modules.set(module, variable);
  return variable;
}

/** Provider classes write everything but text as JSON text, so what they wrote is read again. */
function providerInput(value: Json): string {
  return value === "true" || value === "false" ? value : literal(value);
}

function literal(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = value as Readonly<Record<string, Json>>;
  if (members[SIGNATURE] === SECRET) return `pulumi.secret(${literal(members["value"] ?? null)})`;
  return `{ ${Object.entries(members).map(([key, member]) => `${JSON.stringify(key)}: ${literal(member)}`).join(", ")} }`;
}
