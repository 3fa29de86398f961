import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ChatRow, readDataset } from "../../components/plan/dataset";

/** One question, answered by two models. */
export interface Answers {
  readonly question: string;
  readonly base: string;
  readonly adapter: string;
}

/** The first user message of a dataset: a question of the kind that the adapter was tuned on. */
export function questionFrom(file: string): string {
  const dataset = readDataset(readFileSync(file, "utf8"));
  if (!("jsonl" in dataset)) return "Hello";
  const row = JSON.parse(dataset.jsonl.split("\n")[0] ?? "{}") as ChatRow;
  return row.messages.find(({ role }) => role === "user")?.content ?? "Hello";
}

/** Models that the endpoint lists. */
export async function listModels(endpoint: string): Promise<readonly string[]> {
  const response = await fetch(`${endpoint}/v1/models`, { signal: AbortSignal.timeout(10_000) });
  const models = JSON.parse(await response.text()) as { readonly data: readonly { readonly id: string }[] };
  return models.data.map(({ id }) => id);
}

/** Asks the base model and the adapter the same question. */
export async function askBoth(endpoint: string, base: string, adapter: string, question: string): Promise<Answers> {
  return { question, base: await ask(endpoint, base, question), adapter: await ask(endpoint, adapter, question) };
}

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

async function ask(endpoint: string, model: string, question: string): Promise<string> {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: question }], max_tokens: 96, temperature: 0 });
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${endpoint}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (response.ok) {
      const { choices } = JSON.parse(text) as Completion;
      return choices[0]?.message.content.trim() ?? "";
    }
    // Endpoints may trail a rollout by a moment.
    if (attempt >= 5) throw new Error(`${endpoint} answered ${response.status}: ${text.slice(0, 300)}`);
    await sleep(1000);
  }
}
