import { IMAGES } from "./catalogue/images";
import { type ImageReference, parseImageReference, writeImageReference } from "./image-reference";
import { type Problem, refuse } from "./refuse";

/** An image of the catalogue. */
export type PublishedImage = keyof typeof IMAGES;

/** The configuration key under which an environment names its own reference of each image that others publish. */
export const PIN_KEYS = {
  server: "servingImage",
  devicePlugin: "devicePluginImage",
  metricsExporter: "metricsExporterImage",
} as const satisfies Record<PublishedImage, string>;

/** The layer of a stack that runs each of them. */
const LAYERS = { server: "serving", devicePlugin: "platform", metricsExporter: "platform" } as const satisfies Record<PublishedImage, string>;

/** The keys that a stack of these layers uses; a project without layers uses all. */
export function pinKeys(layers?: readonly string[]): Readonly<Partial<Record<PublishedImage, string>>> {
  const used = Object.entries(PIN_KEYS).filter(([name]) => layers === undefined || layers.includes(LAYERS[name as PublishedImage]));
  return Object.fromEntries(used);
}

/** What is to be looked up, and for whom. */
export interface PinTarget {
  /** Where the reference is written: a configuration key, or a name in the catalogue. */
  readonly key: string;
  /** What stands there now; undefined where the catalogue's reference is taken over. */
  readonly current: string | undefined;
  /** What to ask the registry for: registry, repository and tag. */
  readonly wanted: ImageReference & { readonly tag: string };
  /** The catalogue's tag of the same repository, where it is another one. */
  readonly catalogueTag?: string;
}

/** One image, after its registry has answered. */
export interface Pin {
  readonly key: string;
  readonly current: string | undefined;
  /** The reference to write, by tag and digest. */
  readonly pinned: string;
  readonly state: "current" | "behind" | "unpinned";
  readonly catalogueTag?: string;
}

/** A reference that names content alone: there is no tag to follow, so it stays. */
export interface Fixed {
  readonly key: string;
  readonly current: string;
}

/**
 * What an environment's images are to be looked up as. The environment's own tag and registry win, so that a mirror stays a mirror;
 * `catalogueTags` moves the repositories that the catalogue names to its tags. Images of layers that the environment does not hold are left alone.
 */
export function planPins(
  configured: Readonly<Record<string, string | undefined>>,
  { catalogueTags = false, layers }: { readonly catalogueTags?: boolean; readonly layers?: readonly string[] } = {},
): { readonly targets: readonly PinTarget[]; readonly fixed: readonly Fixed[] } {
  const problems: Problem[] = [];
  const targets: PinTarget[] = [];
  const fixed: Fixed[] = [];
  for (const [name, key] of Object.entries(pinKeys(layers)) as [PublishedImage, string][]) {
    const current = configured[key];
    const catalogue = parseImageReference(IMAGES[name]);
    const own = current === undefined ? catalogue : parseImageReference(current);
    if (own === undefined) {
      problems.push(unreadable(key, current));
    } else if (own.tag === undefined && current !== undefined && own.digest !== undefined) {
      fixed.push({ key, current });
    } else if (own.tag === undefined) {
      problems.push(tagless(key, current));
    } else {
      targets.push(target(key, current, { ...own, tag: own.tag }, catalogue, catalogueTags));
    }
  }
  refuse("The pins", problems);
  return { targets, fixed };
}

/** What the catalogue's own references are to be looked up as, from the text of its file. */
export function planCataloguePins(source: string): readonly PinTarget[] {
  return (Object.keys(IMAGES) as PublishedImage[]).flatMap((name) => {
    const current = catalogueEntry(name).exec(source)?.[2];
    const reference = parseImageReference(current ?? "");
    return reference?.tag === undefined ? [] : [{ key: name, current, wanted: { ...reference, tag: reference.tag } }];
  });
}

/** The catalogue's file with other references in it and every other byte as it was. */
export function rewriteCatalogue(source: string, pins: readonly Pin[]): string {
  return pins.reduce((text, { key, pinned }) => text.replace(catalogueEntry(key), `$1${pinned}$3`), source);
}

/** A target with the digest that its registry gave. */
export function pinned({ key, current, wanted, catalogueTag }: PinTarget, digest: string): Pin {
  const reference = writeImageReference({ ...wanted, digest });
  const was = parseImageReference(current ?? "");
  const state = current === reference ? "current" : was?.digest === undefined ? "unpinned" : "behind";
  return { key, current, pinned: reference, state, ...(catalogueTag === undefined ? {} : { catalogueTag }) };
}

function target(
  key: string,
  current: string | undefined,
  own: PinTarget["wanted"],
  catalogue: ImageReference | undefined,
  catalogueTags: boolean,
): PinTarget {
  const { registry, repository } = own;
  const catalogued = catalogue?.registry === registry && catalogue.repository === repository ? catalogue.tag : undefined;
  const tag = catalogueTags ? (catalogued ?? own.tag) : own.tag;
  const differs = catalogued !== undefined && catalogued !== tag;
  return { key, current, wanted: { registry, repository, tag }, ...(differs ? { catalogueTag: catalogued } : {}) };
}

function catalogueEntry(name: string): RegExp {
  return new RegExp(`(\\b${name}: ")([^"]+)(")`);
}

function unreadable(path: string, got: string | undefined): Problem {
  return {
    code: "AKSFT-PIN-01",
    path,
    got,
    rule: "is no image reference with its registry, as in REGISTRY/REPOSITORY:TAG",
    fix: "write the registry in front, for example docker.io/vllm/vllm-openai:v0.25.1",
  };
}

function tagless(path: string, got: string | undefined): Problem {
  return {
    code: "AKSFT-PIN-02",
    path,
    got,
    rule: "names neither a tag to look up nor a digest",
    fix: "add the tag that you follow, for example :v0.25.1",
  };
}
