import type { Condition } from "./objects";

export type NewCondition = Pick<Condition, "type" | "status" | "reason" | "message">;

export function condition(type: string, holds: boolean, reason: string, message: string): NewCondition {
  return { type, status: holds ? "True" : "False", reason, message };
}

/** The conditions with the new ones among them; the time of a change is that of the status, as Kubernetes keeps it. */
export function withConditions(old: readonly Condition[] = [], news: readonly NewCondition[], generation: number | undefined, now: number): readonly Condition[] {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const kept = old.filter(({ type }) => !news.some((each) => each.type === type));
  const written = news.map((each): Condition => {
    const before = old.find(({ type }) => type === each.type);
    const lastTransitionTime = before?.status === each.status ? before.lastTransitionTime : time;
    return { ...each, lastTransitionTime, ...(generation === undefined ? {} : { observedGeneration: generation }) };
  });
  return [...kept, ...written];
}

/** Whether two statuses say the same, whatever the order of their keys. */
export function saysTheSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
