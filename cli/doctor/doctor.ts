import { parseArgs } from "node:util";
import { ENVIRONMENTS } from "../../components/plan/environment";
import { regionName } from "../../components/plan/prices";
import { oneOf } from "../../components/plan/spelling";
import { type Answer, EXIT, UsageError } from "../command";
import { type ArmClient, armClient, ArmError, PUBLIC_ARM } from "../live/arm";
import { isFederated } from "../live/federated";
import { signedIn } from "../live/login";
import { LoginError } from "../live/login-error";
import { checkEndpoint, positive } from "../live/options";
import { type Program, runProgram } from "../live/program";
import { type Deployment, ofSizes } from "./deployment";
import { exitCodeOf, type Finding, type Section } from "./finding";
import { configurationFindings, pulumiFindings } from "./local";
import { capacityFindings, versionFindings } from "./region";
import { roleFindings } from "./roles";
import { screen } from "./screen";
import { ofStack } from "./stack";
import { hostEncryptionFindings, providerFindings, stateFindings } from "./subscription";
import { toolFindings } from "./tools";

export const HELP = `aks-fine-tuning doctor: what is missing to deploy, and the command that mends it.

  --stack NAME             the environment: its region, pools and layers, of Pulumi.NAME.yaml
  --location REGION        without a stack: the region, as eastus or "East US"
  --size SIZE              and a VM size that pools will have; can be given more than once
  --nodes N                most nodes of each size (default 1)
  --spot                   the sizes are for spot nodes
  --environment NAME       production or development, whose defaults are asked for (default
                           production)
  --offline                look at this machine and the configuration, and ask nobody
  --endpoint URL           Azure Resource Manager, for sovereign clouds and proxies
                           (default ${PUBLIC_ARM})
  --timeout-seconds N      for each answer (default 15)
  --cwd DIR                folder of the Pulumi project (default: here)
  --json                   machine-readable
  --help                   this text

It looks at tools, login, resource providers, features, roles, sizes with their zones, quota of
vCPUs (spot apart), Kubernetes versions and configuration, and changes nothing. It asks Azure with
ARM_ACCESS_TOKEN, else with a pipeline's identity (ARM_USE_OIDC), else with that of az login. Behind
a proxy set NODE_USE_ENV_PROXY=1.

Marks: ✓ there, ! worth reading, ✗ missing, ? could not be asked.

Examples
  aks-fine-tuning doctor --stack prod
  aks-fine-tuning doctor --location eastus --size Standard_NC24ads_A100_v4 --nodes 4 --spot
  aks-fine-tuning doctor --stack prod --json

Exit codes: 0 ready; 1 something is missing; 2 wrong usage; 3 nothing is known to be missing, and
something could not be asked.
`;

/** What a test replaces. */
export interface Surroundings {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly run?: Program;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
  readonly nodeVersion?: string;
  readonly platform?: NodeJS.Platform;
}

type Values = ReturnType<typeof parsed>;

/** Looks at everything at once. Throws UsageError for wrong usage; whatever else goes wrong is a finding. */
export async function doctor(args: readonly string[], surroundings: Surroundings = {}): Promise<Answer> {
  const values = parsed(args);
  const deployment = deploymentOf(values);
  const findings = [...(await localFindings(deployment, values, surroundings)), ...(values.offline ? [] : await azureFindings(deployment, values, surroundings))];
  const code = exitCodeOf(findings);
  const { stack, location } = deployment;
  if (values.json) return { text: `${JSON.stringify({ ready: code === EXIT.done, stack, location, offline: values.offline, findings }, undefined, 2)}\n`, code };
  const title = `${stack === undefined ? "" : `Stack ${stack}, `}${location}${values.offline ? "; Azure is not asked" : ""}`;
  return { text: screen(title, findings), code };
}

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      stack: { type: "string" },
      location: { type: "string" },
      size: { type: "string", multiple: true, default: [] },
      nodes: { type: "string", default: "1" },
      spot: { type: "boolean", default: false },
      environment: { type: "string", default: "production" },
      offline: { type: "boolean", default: false },
      endpoint: { type: "string", default: PUBLIC_ARM },
      "timeout-seconds": { type: "string", default: "15" },
      cwd: { type: "string", default: "." },
      json: { type: "boolean", default: false },
    },
  }).values;
}

function deploymentOf(values: Values): Deployment {
  checkEndpoint(values.endpoint);
  positive("timeout-seconds", values["timeout-seconds"]);
  if (values.stack !== undefined) {
    if (values.location !== undefined || values.size.length > 0) throw new UsageError("give --stack NAME, or --location and --size, not both");
    return ofStack(values.cwd, values.stack);
  }
  if (values.location === undefined || values.size.length === 0) throw new UsageError("give --stack NAME, or --location REGION and --size SIZE");
  const location = regionName(values.location);
  if (!/^[a-z][a-z0-9]*$/.test(location)) throw new UsageError(`--location ${values.location}: is no name of a region, for example eastus or "East US"`);
  const stray = values.size.find((size) => !/^(Standard|Basic)_\w[\w-]*$/.test(size));
  if (stray !== undefined) throw new UsageError(`--size ${stray}: is not written as Azure writes a size, for example Standard_NC24ads_A100_v4`);
  const environment = ENVIRONMENTS.find((each) => each === values.environment);
  if (environment === undefined) throw new UsageError(`--environment ${values.environment}: ${oneOf(values.environment, ENVIRONMENTS)}`);
  const nodes = positive("nodes", values.nodes);
  if (!Number.isInteger(nodes)) throw new UsageError(`--nodes ${values.nodes}: is no whole number`);
  const priority = values.spot ? "Spot" : "Regular";
  return ofSizes(location, [...new Set(values.size)].map((size) => ({ name: size.replace(/^Standard_/, ""), size, priority, nodes })), environment);
}

async function localFindings(deployment: Deployment, { offline }: Values, { environment = process.env, run = runProgram, nodeVersion = process.version, platform = process.platform }: Surroundings) {
  const azureCli = deployment.login === "azurecli" || !(environment["ARM_ACCESS_TOKEN"] || isFederated(environment));
  const [tools, backend] = await Promise.all([
    toolFindings({ builds: deployment.builds, azureCli, nodeVersion, platform }, run),
    offline ? [] : pulumiFindings(deployment, environment, run),
  ]);
  return [...tools, ...backend, ...configurationFindings(deployment)];
}

async function azureFindings(deployment: Deployment, values: Values, { environment = process.env, run, wait }: Surroundings): Promise<readonly Finding[]> {
  const checks = checksOf(deployment);
  try {
    const login = await signedIn({ environment, subscriptionId: deployment.subscriptionId, endpoint: values.endpoint, run });
    const client = armClient({ login, endpoint: values.endpoint, timeoutSeconds: Number(values["timeout-seconds"]), wait });
    const signed: Finding = { section: "Login", name: "azure", state: "ok", text: `signed in by ${login.source}` };
    return [signed, ...(await Promise.all(checks.map((check) => asked(check, client)))).flat()];
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    const nobody: Finding = { section: "Login", name: "azure", state: "missing", text: error.message, fix: error.fix };
    return [nobody, ...checks.map(({ section, name }): Finding => ({ section, name, state: "unknown", text: "could not be asked: there is no login" }))];
  }
}

interface Check {
  readonly section: Section;
  readonly name: string;
  readonly ask: (client: ArmClient) => Promise<readonly Finding[]>;
}

/** What this deployment makes a question of. */
function checksOf(deployment: Deployment): readonly Check[] {
  const { providers, hostEncryption, pools, kubernetesVersion } = deployment;
  return [
    { section: "Login", name: "subscription", ask: stateFindings },
    { section: "Subscription", name: "providers", ask: (client) => providerFindings(providers, client) },
    ...(hostEncryption ? [{ section: "Subscription", name: "EncryptionAtHost", ask: hostEncryptionFindings } as const] : []),
    { section: "Roles", name: "roles", ask: roleFindings },
    ...(pools.length > 0 ? [{ section: "Region", name: "sizes and quota", ask: (client: ArmClient) => capacityFindings(deployment, client) } as const] : []),
    ...(kubernetesVersion === undefined ? [] : [{ section: "Region", name: "Kubernetes", ask: (client: ArmClient) => versionFindings(deployment, client) } as const]),
  ];
}

/** Fails softly: a question without an answer is a finding, and the others go on. */
async function asked({ section, name, ask }: Check, client: ArmClient): Promise<readonly Finding[]> {
  try {
    return await ask(client);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return [{ section, name, state: "unknown", text: `could not be asked: ${error.message}` }];
  }
}
