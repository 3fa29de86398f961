import { type LivePool, offeredSizes, type OfferedSize, type SizeFinding, sizeFindings } from "../../components/plan/live/sizes";
import { type QuotaFinding, quotaFindings } from "../../components/plan/live/quota";
import { regionName } from "../../components/plan/prices";
import { ArmError, type ArmClient, armClient, type ArmOptions, PUBLIC_ARM } from "./arm";
import { type LoginOptions, signedIn } from "./login";
import { LoginError } from "./login-error";

export type { LivePool, SizeFinding } from "../../components/plan/live/sizes";
export type { QuotaFinding } from "../../components/plan/live/quota";

export interface LiveQuestion {
  readonly pools: readonly LivePool[];
  /** Region, as eastus or "East US". */
  readonly location: string;
}

/** What Azure says of pools in a region, now. */
export interface LiveFindings {
  /** By family; spot and the region's total apart. */
  readonly quota: readonly QuotaFinding[];
  readonly sizes: readonly SizeFinding[];
  /** What could not be asked, and why; its list above is then empty. */
  readonly unasked: readonly { readonly what: (typeof BOTH)[number]; readonly why: string }[];
  /** Sizes whose vCPUs nobody knows, so that no quota counts them. */
  readonly uncounted: readonly string[];
}

const BOTH = ["sizes", "quota"] as const;
const SKUS = "2021-07-01";
const USAGES = "2024-07-01";

/** Asks both at once; what cannot be asked is said, and the rest goes on. */
export async function liveFindings({ pools, location: given }: LiveQuestion, client: ArmClient): Promise<LiveFindings> {
  const location = regionName(given);
  // It becomes a part of addresses.
  if (!/^[a-z][a-z0-9]*$/.test(location)) return nothing(`"${given}" is no region`);
  const compute = `/subscriptions/${client.subscriptionId}/providers/Microsoft.Compute`;
  const [skus, usages] = await Promise.all([
    softly(client.list(`${compute}/skus`, SKUS, { $filter: `location eq '${location}'` })),
    softly(client.list(`${compute}/locations/${location}/usages`, USAGES)),
  ]);
  const offered: ReadonlyMap<string, OfferedSize> = "why" in skus ? new Map() : offeredSizes(skus.answer, location);
  const counted = "why" in usages ? { quota: [], uncounted: [] } : quotaFindings(pools, usages.answer, offered);
  return {
    ...counted,
    sizes: "why" in skus ? [] : sizeFindings(pools, offered),
    unasked: [...("why" in skus ? [{ what: "sizes" as const, why: skus.why }] : []), ...("why" in usages ? [{ what: "quota" as const, why: usages.why }] : [])],
  };
}

/** How to sign in and to ask. */
export interface AskingAzure extends Pick<ArmOptions, "timeoutSeconds" | "wait">, Pick<LoginOptions, "environment" | "subscriptionId" | "run"> {
  /** @default "https://management.azure.com" */
  readonly endpoint?: string;
}

/** The same of several regions with the user's login, signed in once; where nobody is signed in that is what is said of each. */
export async function liveFindingsByLogin(questions: readonly LiveQuestion[], { environment, subscriptionId, run, endpoint = PUBLIC_ARM, ...how }: AskingAzure): Promise<readonly LiveFindings[]> {
  try {
    const login = await signedIn({ environment, subscriptionId, run, endpoint });
    const client = armClient({ login, endpoint, ...how });
    return await Promise.all(questions.map((question) => liveFindings(question, client)));
  } catch (error) {
    if (error instanceof LoginError) return questions.map(() => nothing(error.message));
    throw error;
  }
}

function nothing(why: string): LiveFindings {
  return { quota: [], sizes: [], uncounted: [], unasked: BOTH.map((what) => ({ what, why })) };
}

async function softly<Answer>(asked: Promise<Answer>): Promise<{ readonly answer: Answer } | { readonly why: string }> {
  try {
    return { answer: await asked };
  } catch (error) {
    if (error instanceof ArmError) return { why: error.message };
    throw error;
  }
}
