/** What the estimators say of a row, in GiB, for the GPUs that its number covers; or why they say nothing. */
export type Prediction = CoveredPrediction | { readonly covered: false; readonly why: string };

export interface CoveredPrediction {
  readonly covered: true;
  readonly allocatedGiB: number;
  readonly reservedGiB: number;
  readonly driverGiB: number;
  readonly safeGiB: number;
  /** The component that the row measured, where it is no peak. */
  readonly componentGiB?: number;
}

/** What a row can have measured: peaks, components that an engine logs for itself, and whether a run fits. */
export const PEAKS = ["allocated", "reserved", "driver", "unknown"] as const;
export const COMPONENTS = ["weights", "kv-available", "non-torch", "activation"] as const;
export const METRICS = [...PEAKS, ...COMPONENTS, "fits"] as const;
export type Metric = (typeof METRICS)[number];
export type Component = (typeof COMPONENTS)[number];

/** A row that no estimator can express, and why. */
export class NotCovered extends Error {}
