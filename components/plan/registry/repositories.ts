import type { Problem } from "../refuse";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const LONGEST = 255;

/** A repository's name, or what several names start with, none or one problem. */
export function repositoryProblems(code: Problem["code"], path: string, repository: string): Problem[] {
  if (repository.length <= LONGEST && repository.split("/").every((part) => COMPONENT.test(part))) return [];
  const rule =
    `needs lower-case letters and digits in parts between slashes, with single ".", "_" or "-" inside them, ` +
    `at most ${LONGEST} characters, has ${repository.length}`;
  return [{ code, path, got: repository, rule, fix: `use for example "${mended(repository)}"` }];
}

/** The nearest name that is allowed. */
export function mended(repository: string): string {
  const parts = repository
    .slice(0, LONGEST)
    .toLowerCase()
    .split("/")
    .map((part) => part.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, ""))
    .filter((part) => part !== "");
  return parts.join("/") || "repository";
}
