/** Bytes of a GiB. */
export const GIB = 2 ** 30;

/** A size of memory for people. */
export function gib(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} GiB`;
}
