import type { Program } from "../live/program";
import type { Deployment } from "./deployment";
import type { Finding } from "./finding";

/** Whether Pulumi knows where states are, and can read the stack's secrets. */
export async function pulumiFindings({ passphrase }: Deployment, environment: Readonly<Record<string, string | undefined>>, run: Program): Promise<readonly Finding[]> {
  const { code } = await run("pulumi", ["whoami", "--non-interactive"]);
  const base = { section: "Login" } as const;
  const backend: readonly Finding[] =
    code === undefined
      ? []
      : code === 0
        ? [{ ...base, name: "pulumi", state: "ok", text: "signed in to a backend" }]
        : [{ ...base, name: "pulumi", state: "missing", text: "not signed in to a backend, which keeps the states", fix: "pulumi login, or for a container of your own: pulumi login azblob://CONTAINER?storage_account=ACCOUNT" }];
  const given = Boolean(environment["PULUMI_CONFIG_PASSPHRASE"]) || Boolean(environment["PULUMI_CONFIG_PASSPHRASE_FILE"]) || environment["PULUMI_CONFIG_PASSPHRASE"] === "";
  if (!passphrase) return backend;
  const text = given ? "given for the stack's secrets" : "the stack's secrets are encrypted with one, and it is not given";
  return [...backend, { ...base, name: "passphrase", state: given ? "ok" : "missing", text, ...(given ? {} : { fix: "export PULUMI_CONFIG_PASSPHRASE_FILE=FILE" }) }];
}

/** What the stack's file lacks; the stack's own program checks the rest at its next preview. */
export function configurationFindings({ stack, problems, pools, platformStack }: Deployment): readonly Finding[] {
  if (stack === undefined) return [];
  const base = { section: "Configuration" } as const;
  const faults: Finding[] = problems.map(({ path, rule, fix }) => ({ ...base, name: path, state: "missing", text: rule, fix }));
  const elsewhere: Finding[] = platformStack === undefined ? [] : [{ ...base, name: "platform", state: "ok", text: `that of ${platformStack}; ask about its pools there` }];
  if (faults.length > 0) return [...faults, ...elsewhere];
  const counted = pools.length === 0 ? "nothing is missing" : `nothing is missing; pools ${[...new Set(pools.map(({ name }) => name))].join(", ")}`;
  return [{ ...base, name: `Pulumi.${stack}.yaml`, state: "ok", text: counted }, ...elsewhere];
}
