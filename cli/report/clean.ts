import { hidden } from "../../components/plan/refuse";

/** Under this key the engine writes what is more than a plain value, and under `SECRET` that it is a secret: https://www.pulumi.com/docs/iac/concepts/secrets/ */
export const SPECIAL = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const SECRET_SHOWN = "[secret]";
const LONGEST = 300;

/** Colours, links and whatever else a terminal obeys. */
 
const TERMINAL = /\u001b\[[0-9;:?<=>]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]?/gu;
/** What turns the direction of writing around, has no width, or is half a character: shown by its number. */
const UNSEEN = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\p{Cc}\p{Cs}\p{Co}\u{e0000}-\u{e0fff}]/gu;
const TOWERS = /(\p{M}{3})\p{M}+/gu;

/** What is given as a password or the like in the middle of a text: `"password":"…"`, `AccountKey=…`, `sig=…`. */
const GIVEN_SECRET = /((?:passw(?:or)?d|secret|token|api_?key|access_?key|account_?key|private_?key|connection_?string|\bsig)["']?\s*[:=]\s*["']?)[^\s"',;&)]{4,}/giu;

/** Words of ASCII with one space between each two, as nearly all names are: nothing in them is unseen. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/u;
/** Signs of an id to shorten or of a secret that is given; where there are none, none need be looked for. */
const LONG_OR_GIVEN = /[0-9a-f]{20}|[0-9a-f]{8}-|\/subscriptions\/|urn:|[:=]/iu;

/** A text from a preview as it may stand on one line of any report: no secret, no long id, nothing that a terminal obeys or an eye misses. */
export function clean(text: string, longest = LONGEST): string {
  if (text.length <= longest && PLAIN.test(text) && !LONG_OR_GIVEN.test(text)) return hidden(text);
  // What is far beyond the bound cannot show; cutting early keeps a text of megabytes cheap.
  // An id in the form of a path could be taken for a credential in base64; parts of digests are cut only where no credential is left to be cut.
  const seen = withShortNumbers(withoutSecrets(withShortPaths(text.slice(0, 20 * longest + 2000))));
  const line = visible(seen.replace(/\s+/gu, " ")).trim();
  return clipped(line, longest);
}

/** The same of several lines. */
export function cleanLines(text: string, most: number): readonly string[] {
  const lines = text.slice(0, 200_000).split(/\r\n|[\n\r\u2028\u2029]/u);
  const shown = lines.slice(0, most).map((line) => clean(line.replace(/^\s+/u, (indent) => "\u00a0".repeat(Math.min(8, indent.length)))));
  return lines.length > most ? [...shown, `… and ${lines.length - most} more lines`] : shown;
}

export function clipped(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Half of a pair is no character.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/u, "")}…`;
}

function withoutSecrets(text: string): string {
  if (text.includes(SPECIAL)) return SECRET_SHOWN;
  return hidden(text).replace(GIVEN_SECRET, `$1${SECRET_SHOWN}`);
}

function visible(text: string): string {
  const plain = text.replace(TERMINAL, "");
  return plain.replace(UNSEEN, (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`).replace(TOWERS, "$1");
}

const ARM_ID = /\/subscriptions\/[^/\s"',]*((?:\/[^/\s"',]+)*)/giu;
const URN = /urn:pulumi:[^\s"',]+?::[^\s"',]*?::(?:[^\s"',]*\$)?([^\s"',$]+?)::([^\s"',]+)/gu;
const GUID = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu;

/** Ids of resources by type and name. */
function withShortPaths(text: string): string {
  return text.replace(URN, "$1 $2").replace(ARM_ID, (_, rest: string) => {
    const parts = rest.split("/").filter(Boolean);
    return parts.length === 0 ? "…" : `…/${parts.slice(-2).join("/")}`;
  });
}

/** Of a digest twelve digits, of a GUID eight: enough to tell them apart. */
function withShortNumbers(text: string): string {
  return text
    .replace(GUID, "$1…")
    .replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/gu, "$1")
    .replace(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/gu, "$1…");
}
