/**
 * The dynamic provider of `TokenPassword`, as Pulumi's own process for such providers loads it: JavaScript on Node's globals alone. It is written
 * out, and not a function that the SDK turns into text, because this text is stored with each password and must be the same on every machine,
 * whatever has compiled this file.
 *
 * `check` takes the login to Resource Manager out of the inputs before the engine stores or shows them, and keeps it in this process for
 * `create` and `update`. A deletion does nothing: Azure has no call for it, and a password ends with its token, or at its expiry.
 *
 * https://learn.microsoft.com/rest/api/containerregistry/registries/generate-credentials
 */
export const PASSWORD_PROVIDER = String.raw`"use strict";
// Passwords of a token of Azure Container Registry, by aks-fine-tuning.
const API_VERSION = "2025-11-01";
const SLOTS = ["password1", "password2"];
const PASSING = [408, 409, 429, 500, 502, 503, 504];
const MOST_ATTEMPTS = 6;
const MOST_POLLS = 60;
const HOUR = 3600000;

const logins = new Map();
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const asked = (answer, otherwise) => {
  const seconds = Number(answer.headers && answer.headers.get("retry-after"));
  return seconds > 0 ? Math.min(seconds, 60) : otherwise;
};

// Azure's code and the begin of its message, on one line, and without the login, should anything repeat it.
function reason(text, login) {
  let error;
  try {
    error = JSON.parse(text).error;
  } catch {
    return "";
  }
  const said = [error && error.code, error && error.message].filter((part) => typeof part === "string").join(": ");
  return said === "" ? "" : " " + said.replaceAll(login, "TOKEN").replace(/[\p{C}\s]+/gu, " ").slice(0, 200);
}

async function once(url, login, body) {
  const headers = { accept: "application/json", "content-type": "application/json", authorization: "Bearer " + login };
  try {
    const method = body === undefined ? "GET" : "POST";
    const response = await fetch(url, { method, body, headers, redirect: "error", signal: AbortSignal.timeout(30000) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    return { failure: String((error.cause && error.cause.code) || error.name) };
  }
}

async function patiently(url, login, body) {
  for (let attempt = 1; ; attempt++) {
    const answer = await once(url, login, body);
    if (answer.failure === undefined && !PASSING.includes(answer.status)) return answer;
    if (attempt === MOST_ATTEMPTS) {
      if (answer.failure === undefined) return answer;
      throw new Error(url.host + " cannot be reached (" + answer.failure + ")");
    }
    await pause(asked(answer, 2 ** attempt));
  }
}

async function generate(endpoint, tokenId, slot, expiry, login) {
  const registryId = tokenId.replace(/\/tokens\/[^/]+$/, "");
  const first = new URL(endpoint + registryId + "/generateCredentials?api-version=" + API_VERSION);
  let answer = await patiently(first, login, JSON.stringify({ tokenId, name: slot, expiry }));
  for (let poll = 0; answer.status === 202; poll++) {
    const location = answer.headers.get("location");
    if (!location || poll === MOST_POLLS) throw new Error(first.host + " accepted the request for a password, and never answered it");
    // The login goes nowhere but to the address that was asked first, whatever a header says.
    const { pathname, search } = new URL(location, first);
    await pause(asked(answer, 2));
    answer = await patiently(new URL(pathname + search, first), login);
  }
  if (answer.status !== 200) {
    const hint = answer.status === 403 ? "; it takes Microsoft.ContainerRegistry/registries/generateCredentials/action, which Contributor has" : "";
    throw new Error(first.host + " answered " + answer.status + reason(answer.text, login) + hint);
  }
  return passwordIn(answer.text, slot, first.host);
}

function passwordIn(text, slot, host) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = {};
  }
  const password = (answer.passwords || []).find(({ name }) => name === slot);
  if (!answer.username || !password || !password.value) throw new Error(host + " answered without the password that it was asked for");
  return { username: answer.username, value: password.value, expiry: password.expiry };
}

async function mint(inputs, slot) {
  const login = logins.get(inputs.tokenId);
  if (login === undefined) throw new Error("the login to Azure Resource Manager was not handed over with this token");
  const now = Date.now();
  const expiry = new Date(now + inputs.validHours * HOUR).toISOString();
  const made = await generate(inputs.endpoint, inputs.tokenId, slot, expiry, login);
  const { username, value: password } = made;
  return { ...inputs, slot, username, password, mintedAt: new Date(now).toISOString(), expiresAt: made.expiry || expiry };
}

const sameTime = (one, other) => one === other || Date.parse(one) === Date.parse(other);
const due = ({ mintedAt, expiresAt }) => Date.now() - Date.parse(mintedAt) >= ((Date.parse(expiresAt) - Date.parse(mintedAt)) * 2) / 3;

exports.handler = () => ({
  async check(olds, news) {
    const { login, ...inputs } = news;
    if (login !== undefined && news.tokenId !== undefined) logins.set(news.tokenId, login);
    return { inputs };
  },
  async diff(id, olds, news) {
    const replaces = olds.tokenId === news.tokenId ? [] : ["tokenId"];
    const asked = olds.validHours !== news.validHours || olds.mintedFor !== news.mintedFor || !sameTime(olds.tokenCreated, news.tokenCreated);
    return { replaces, changes: replaces.length > 0 || asked || (news.renew === true && due(olds)) };
  },
  async create(inputs) {
    return { id: inputs.tokenId, outs: await mint(inputs, SLOTS[0]) };
  },
  async update(id, olds, news) {
    const outs = await mint(news, olds.slot === SLOTS[0] ? SLOTS[1] : SLOTS[0]);
    await pause(news.settleSeconds);
    return { outs };
  },
});
`;
