/** What the estimators say of a row, in GiB, for the GPUs that its number covers; or why they say nothing. */
export type Prediction =
  | {
      readonly covered: true;
      readonly allocatedGiB: number;
      readonly reservedGiB: number;
      readonly driverGiB: number;
      readonly safeGiB: number;
      /** The component that the row measured, where it is none of these. */
      readonly componentGiB?: number;
    }
  | { readonly covered: false; readonly why: string };

export function notCovered(why: string): Prediction {
  return { covered: false, why };
}
