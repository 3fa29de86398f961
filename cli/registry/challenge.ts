/** What a registry wants before it answers, from its `WWW-Authenticate` header: https://distribution.github.io/distribution/spec/auth/token/ */
export interface Challenge {
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}

/** The token challenge in a header; undefined where there is none, as with registries that want a password. */
export function tokenChallenge(header: string | null): Challenge | undefined {
  if (header === null || !/^bearer\s/i.test(header)) return undefined;
  const parameters = Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
  const { realm, service, scope } = parameters;
  return realm === undefined ? undefined : { realm, service, scope };
}

/** Where an anonymous token to pull is to be had. Some registries leave the scope out of the challenge. */
export function tokenUrl({ realm, service, scope }: Challenge, repository: string): URL {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope ?? `repository:${repository}:pull`);
  return url;
}
