/** The order of people: "run-2" before "run-10". The same on every machine, whatever its language. */
export function inOrder(one: string, other: string): number {
  const [left, right] = [pieces(one), pieces(other)];
  for (const [index, piece] of left.entries()) {
    const against = right[index];
    if (against === undefined) return 1;
    const numbers = /^\d/.test(piece) && /^\d/.test(against) ? Number(piece) - Number(against) : 0;
    const difference = numbers === 0 ? plain(piece, against) : numbers;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function plain(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Digits and what is between them. */
function pieces(text: string): readonly string[] {
  return text.match(/\d{1,15}|\D+/g) ?? [];
}
