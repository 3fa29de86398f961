/**
 * What marks the comment of a stack, so that the next report of it takes its place. Anything in the name that could end an HTML comment is
 * written as in a URL: "a--b" is "a%2D-b".
 */
export function markerOf(stack: string | undefined): string {
  const name = (stack ?? "unknown").replace(/[^A-Za-z0-9._/-]/gu, (each) => encodeURIComponent(each).replace(/[!'()*]/gu, "_"));
  return `aks-fine-tuning report: ${name.replace(/-(?=-|$)/gu, "%2D")}`;
}
