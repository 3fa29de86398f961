/** `host[:port]/repository[:tag]`, as the official provider wants it: fully qualified. */
export interface ImageName {
  readonly registry: string;
  /** With the registry, without the tag. */
  readonly repository: string;
}

export function parseImageName(name: string): ImageName | undefined {
  const [registry = "", ...rest] = name.split("/");
  const qualified = rest.length > 0 && (/[.:]/.test(registry) || registry === "localhost");
  if (!qualified || name.includes("@")) return undefined;
  return { registry, repository: `${registry}/${rest.join("/").replace(/:[^:/]*$/, "")}` };
}
