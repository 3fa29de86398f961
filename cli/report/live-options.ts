import { UsageError } from "../command";
import { PUBLIC_ARM } from "../live/arm";
import type { AskingAzure } from "../live/findings";
import { isSubscriptionId } from "../live/login";
import { checkEndpoint, positive } from "../live/options";

/** Options that say how Azure is asked, as `parseArgs` takes them. */
export const LIVE_OPTIONS = {
  live: { type: "boolean", default: false },
  endpoint: { type: "string" },
  subscription: { type: "string" },
  "timeout-seconds": { type: "string" },
} as const;

interface Given {
  readonly live: boolean;
  readonly endpoint?: string;
  readonly subscription?: string;
  readonly "timeout-seconds"?: string;
}

/** How to ask Azure; undefined where it is not to be asked. Throws UsageError. */
export function askingOf(given: Given, { environment = process.env, ...rest }: Partial<AskingAzure>): AskingAzure | undefined {
  const { live, endpoint = PUBLIC_ARM, subscription, "timeout-seconds": seconds = "15" } = given;
  const stray = (["endpoint", "subscription", "timeout-seconds"] as const).find((option) => given[option] !== undefined);
  if (!live && stray !== undefined) throw new UsageError(`--${stray} goes with --live`);
  checkEndpoint(endpoint);
  if (subscription !== undefined && !isSubscriptionId(subscription)) throw new UsageError(`--subscription ${subscription}: is no id of a subscription; az account list --output table shows them`);
  if (!live) return undefined;
  // Whoever names one means it, whatever the environment says.
  const named = subscription === undefined ? environment : { ...environment, ARM_SUBSCRIPTION_ID: subscription };
  return { ...rest, environment: named, endpoint, timeoutSeconds: positive("timeout-seconds", seconds) };
}
