import * as fs from "node:fs";
import * as path from "node:path";
import { ProviderError } from "../provider-errors";
import type * as stand from "../stand-in";
import { containsUnknown, isProperties, type Json, known, knownProperties, type Properties, Secret } from "../values";
import { contextDigest, contextFiles } from "./build-context";
import { type Credentials, push } from "./crane";
import { DockerfileProblem, parseDockerfile } from "./dockerfile";
import { parseImageName } from "./image-name";
import { layerEntries, layerTar } from "./layer";
import { ociImage } from "./oci-image";

const IMAGE = "docker:index/image:Image";
const NAME = "this stand-in for the Docker provider";

/** Finds the folder that relative paths start from; asked only where there are any. */
export type FolderOf = () => string;

/**
 * Stands in for `Image` of the official Docker provider (5.2) where there is no Docker daemon: the same inputs, outputs
 * and changes, for images that are files FROM scratch. Origins are named as files of github.com/pulumi/pulumi-docker.
 */
export class DockerStandIn implements stand.StandIn {
  /** It does not announce secrets, so the engine keeps them. */
  readonly acceptsSecrets = false;

  constructor(
    private readonly crane: string,
    private readonly folder: FolderOf,
  ) {}

  /** Sets defaults and hashes the context, so that a changed file is a changed input (provider.go, Check). */
  check({ type, news }: stand.CheckRequest): stand.CheckResult {
    if (type !== IMAGE) throw new ProviderError(`${NAME} has only ${IMAGE}, not ${type}`);
    const given = news["build"] ?? {};
    const inputs = { ...news, buildOnPreview: news["buildOnPreview"] ?? false, skipPush: news["skipPush"] ?? false };
    if (!isProperties(given) || containsUnknown(given)) return { inputs };

    const build = withDefaults(knownProperties(given));
    const { context, dockerfile } = this.paths(build);
    if (!fs.existsSync(dockerfile)) {
      throw new ProviderError(`could not open dockerfile at relative path "${build.dockerfile}" (${dockerfile})`);
    }
    const imageName = known(news["imageName"] ?? null);
    if (typeof imageName === "string" && parseImageName(imageName) === undefined) throw unqualified(imageName);
    const digest = contextDigest(context, dockerfile);
    return { inputs: { ...inputs, build: { ...given, ...build, contextDigest: digest } } };
  }

  /** Every change is an update; a registry's user and password come and go without one (provider.go, diffUpdates). */
  diff({ olds, oldInputs, news }: stand.DiffRequest): stand.DiffResult {
    const kept = olds["__inputs"];
    const bare = kept instanceof Secret ? kept.value : kept;
    const old = isProperties(bare) ? bare : oldInputs;
    const all = [...new Set([...Object.keys(old), ...Object.keys(news)])];
    const keys = all.filter((key) => comparable(old, key) !== comparable(news, key));
    const detailed = keys.map((key): [string, stand.PropertyChange] => [
      key,
      old[key] === undefined ? "add" : news[key] === undefined ? "delete" : "update",
    ]);
    return { changes: keys.length > 0 ? "some" : "none", detailed: Object.fromEntries(detailed) };
  }

  async create({ inputs, preview, signal }: stand.CreateRequest): Promise<stand.CreateResult> {
    // A build in a preview is off by default and never done here: what it would push is not known before.
    if (preview) return { id: "", outputs: inputs };
    const outputs = await this.build(inputs, signal);
    return { id: text(known(inputs["imageName"] ?? "")) ?? "", outputs };
  }

  async update({ news, preview, signal }: stand.UpdateRequest): Promise<Properties> {
    return preview ? news : this.build(news, signal);
  }

  /** Nothing is compared with the registry (provider.go, Read). */
  read({ id, outputs, inputs }: stand.ReadRequest): stand.ReadResult {
    return { id, outputs, inputs };
  }

  /** The image stays where it was pushed (provider.go, Delete). */
  delete(): void {}

  invoke({ token }: stand.InvokeRequest): stand.InvokeResult {
    throw new ProviderError(`${NAME} has no function ${token}`);
  }

  private async build(inputs: Properties, signal: AbortSignal): Promise<Properties> {
    const plain = knownProperties(inputs);
    const imageName = text(plain["imageName"]) ?? "";
    const name = parseImageName(imageName);
    if (!name) throw unqualified(imageName);
    if (plain["skipPush"] === true) throw new ProviderError(`${NAME} keeps no local images, so it cannot skipPush`);

    const build = withDefaults(object(plain["build"]));
    const { context, dockerfile } = this.paths(build);
    const image = dataImage(context, dockerfile, build.platform);
    await push(this.crane, image, imageName, credentials(object(plain["registry"]), name.registry), signal);
    return {
      __inputs: new Secret(inputs),
      baseImageName: imageName,
      context: build.context,
      dockerfile: build.dockerfile,
      imageName,
      platform: build.platform,
      registryServer: text(object(plain["registry"])["server"]) ?? name.registry,
      repoDigest: `${name.repository}@${image.digest}`,
    };
  }

  private paths({ context, dockerfile }: Build): { readonly context: string; readonly dockerfile: string } {
    const absolute = (file: string): string => (path.isAbsolute(file) ? file : path.join(this.folder(), file));
    return { context: absolute(context), dockerfile: absolute(dockerfile) };
  }
}

interface Build {
  readonly context: string;
  readonly dockerfile: string;
  readonly platform: string;
}

type Plain = Readonly<Record<string, Json | undefined>>;

function unqualified(imageName: string): ProviderError {
  return new ProviderError(`"${imageName}" is not fully qualified; for example docker.io/repository/image:tag`);
}

function object(value: Json | undefined): Plain {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** image.go, marshalBuildAndApplyDefaults; the platform defaults to this machine's architecture on Linux. */
function withDefaults(build: Plain): Build {
  const context = text(build["context"]) ?? ".";
  const architecture = process.arch === "arm64" ? "arm64" : "amd64";
  return {
    context,
    dockerfile: text(build["dockerfile"]) ?? path.posix.join(context, "Dockerfile"),
    platform: text(build["platform"]) ?? `linux/${architecture}`,
  };
}

function dataImage(context: string, dockerfile: string, platform: string) {
  try {
    const { copies, labels } = parseDockerfile(fs.readFileSync(dockerfile, "utf8"));
    return ociImage(layerTar(layerEntries(copies, contextFiles(context, dockerfile), context)), platform, labels);
  } catch (error) {
    if (error instanceof DockerfileProblem) throw new ProviderError(`cannot build ${dockerfile}: ${error.message}`);
    throw error;
  }
}

function credentials(registry: Plain, host: string): Credentials | undefined {
  const username = text(registry["username"]);
  const password = text(registry["password"]);
  if (username === undefined || password === undefined) return undefined;
  return { server: text(registry["server"]) ?? host, username, password };
}

function comparable(inputs: Properties, key: string): string | undefined {
  const value = inputs[key];
  if (value === undefined) return undefined;
  if (containsUnknown(value)) return "unknown";
  const plain = known(value);
  return JSON.stringify(key === "registry" ? (object(plain)["server"] ?? null) : sorted(plain));
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
