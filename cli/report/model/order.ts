/** The order of people: "run-2" before "run-10". The same on every machine, whatever its language. */
export function inOrder(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  let start = at;
  while (start > 0 && isDigit(one, start - 1)) start--;
  const numbers = Number(digits(one, start)) - Number(digits(other, start));
  if (isDigit(one, start) && isDigit(other, start) && numbers !== 0) return numbers;
  return one < other ? -1 : Number(one > other);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** At most as many as a number holds. */
function digits(text: string, start: number): string {
  let end = start;
  while (end - start < 15 && isDigit(text, end)) end++;
  return text.slice(start, end);
}
