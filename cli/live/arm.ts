import { setTimeout as pause } from "node:timers/promises";
import { keysAt, listAt, textAt } from "../../components/plan/live/json";
import { type Answered, patientFetch } from "../patient-fetch";
import type { Login } from "./login";

/** Azure Resource Manager did not say what it was asked; the message says why, and holds no credential. */
export class ArmError extends Error {}

/** Azure Resource Manager, for one subscription: reads alone. */
export interface ArmClient {
  readonly subscriptionId: string;
  /** Whose token it is; undefined where the token does not say. */
  readonly principalId?: string;
  /** One document. `path` begins with a slash; what is in `query` is encoded. */
  get(path: string, apiVersion: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The members of all pages of a list. */
  list(path: string, apiVersion: string, query?: Readonly<Record<string, string>>): Promise<readonly unknown[]>;
}

export const PUBLIC_ARM = "https://management.azure.com";

export interface ArmOptions {
  readonly login: Login;
  /** @default "https://management.azure.com" */
  readonly endpoint?: string;
  /** Longest wait for one answer. @default 15 */
  readonly timeoutSeconds?: number;
  /** Pause between two attempts. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** The longest list here is that of the VM sizes of a region, some thousand entries on one page. */
const MOST_PAGES = 50;
const LONGEST_REASON = 160;

/** A client on Node's own fetch: four kinds of reads need no software kit of 20 MB. */
export function armClient({ login, endpoint = PUBLIC_ARM, timeoutSeconds = 15, wait = pause }: ArmOptions): ArmClient {
  const ask: Ask = { token: login.token, timeoutSeconds, wait };
  const address = (path: string, apiVersion: string, query: Readonly<Record<string, string>>): URL => {
    const url = new URL(`${endpoint.replace(/\/+$/, "")}${path}`);
    for (const [key, value] of Object.entries({ "api-version": apiVersion, ...query })) url.searchParams.set(key, value);
    return url;
  };
  return {
    subscriptionId: login.subscriptionId,
    principalId: login.principalId,
    get: (path, apiVersion, query = {}) => documentAt(address(path, apiVersion, query), ask),
    list: (path, apiVersion, query = {}) => pagesFrom(address(path, apiVersion, query), ask),
  };
}

interface Ask extends Required<Pick<ArmOptions, "timeoutSeconds" | "wait">> {
  readonly token: string;
}

async function pagesFrom(first: URL, ask: Ask): Promise<readonly unknown[]> {
  const members: unknown[] = [];
  let url = first;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await documentAt(url, ask);
    if (!keysAt(answer).includes("value")) throw new ArmError(`${first.host} answered what is no list`);
    members.push(...listAt(answer, "value"));
    const link = textAt(answer, "nextLink");
    if (link === undefined) return members;
    url = nextOf(link, first);
  }
  throw new ArmError(`${first.host} has more than ${MOST_PAGES} pages of one list`);
}

/** The next page, always at the place that was asked first: the token goes nowhere else, whatever a link says. */
function nextOf(link: string, first: URL): URL {
  if (!URL.canParse(link)) throw new ArmError(`${first.host} answered what is no list: its nextLink is no address`);
  const url = new URL(first);
  url.search = new URL(link).search;
  return url;
}

async function documentAt(url: URL, ask: Ask): Promise<unknown> {
  const { status, text } = await patient(url, ask);
  const document = parsed(text);
  if (status < 200 || status > 299) throw new ArmError(`${url.host} answered ${status}${reasonOf(document, ask)}`);
  if (document === undefined) throw new ArmError(`${url.host} answered ${/^\s*</.test(text) ? "a web page: is there a proxy that wants a login?" : "what is no JSON"}`);
  return document;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Azure's code and the begin of its message. */
function reasonOf(document: unknown, { token }: Ask): string {
  const code = textAt(document, "error", "code") ?? textAt(document, "code");
  const message = textAt(document, "error", "message") ?? textAt(document, "message");
  return [code === undefined ? "" : ` ${shown(code, token)}`, message === undefined ? "" : `: ${shown(message, token)}`].join("");
}

/** On one line, short, and without the token, should anything repeat it. */
function shown(text: string, token: string): string {
  const line = text.replaceAll(token, "TOKEN").replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}

async function patient(url: URL, { token, timeoutSeconds, wait }: Ask): Promise<Answered> {
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  // Azure redirects no read; whoever does is not Azure.
  const answered = await patientFetch(url, { headers, redirect: "error" }, { timeoutSeconds, wait });
  if (!("failure" in answered)) return answered;
  throw new ArmError(`${url.host} cannot be reached (${shown(answered.failure, token)}); is there a proxy? then set NODE_USE_ENV_PROXY=1`);
}
