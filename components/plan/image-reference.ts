/** An image as people write it, taken apart. */
export interface ImageReference {
  /** Host, with its port if it has one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  /** With its algorithm in front. */
  readonly digest?: string;
}

const REFERENCE = /^([a-zA-Z0-9.-]+(?::\d+)?)\/([a-z0-9._-]+(?:\/[a-z0-9._-]+)*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/;

/**
 * The parts of a reference that names its registry; undefined for anything else. Short names are none: what stands for `ubuntu` depends on who
 * pulls it.
 */
export function parseImageReference(text: string): ImageReference | undefined {
  const [, registry = "", repository = "", tag, digest] = REFERENCE.exec(text) ?? [];
  if (repository === "" || !/[.:]|^localhost$/.test(registry)) return undefined;
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The reference as it is written, tag and digest both where it has both: the tag is for people, the digest decides. */
export function writeImageReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}
