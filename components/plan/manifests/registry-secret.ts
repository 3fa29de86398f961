/** What signs a pod in to a registry. */
export interface RegistryLogin {
  readonly loginServer: string;
  readonly username: string;
  readonly password: string;
}

/** Docker's configuration file, as a Secret holds it: https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets */
export function dockerConfigJson({ loginServer, username, password }: RegistryLogin): string {
  const auth = base64(`${username}:${password}`);
  return base64(JSON.stringify({ auths: { [loginServer]: { username, password, auth } } }));
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
