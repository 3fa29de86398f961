import { ArmError } from "./arm-error";

const BURST = 20;
const REFILL_SECONDS = 60;

/**
 * AKS's request limits: PUTs of one managed cluster, and of one agent pool, come from a bucket of 20 that gets one
 * token a minute (learn.microsoft.com/azure/aks/quotas-skus-regions, "Throttling limits on AKS resource provider
 * APIs").
 */
export class WriteLimits {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  take(id: string): void {
    const key = id.toLowerCase();
    const at = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: BURST, at };
    const tokens = Math.min(BURST, bucket.tokens + (at - bucket.at) / 1000 / REFILL_SECONDS);
    if (tokens < 1) {
      const seconds = Math.ceil((1 - tokens) * REFILL_SECONDS);
      throw new ArmError(
        429,
        "TooManyRequests",
        `The request was throttled: too many writes to '${id}'. Retry after ${seconds} seconds.`,
      );
    }
    this.buckets.set(key, { tokens: tokens - 1, at });
  }
}

/** Operations that Azure does not run side by side on one resource. */
export class ExclusiveWrites {
  private readonly running = new Map<string, string>();

  async run<T>(
    id: string | undefined,
    operation: string,
    refusal: (running: string) => ArmError,
    work: () => Promise<T>,
  ): Promise<T> {
    if (id === undefined) return work();
    const key = id.toLowerCase();
    const other = this.running.get(key);
    if (other !== undefined) throw refusal(other);
    this.running.set(key, operation);
    try {
      return await work();
    } finally {
      this.running.delete(key);
    }
  }
}
