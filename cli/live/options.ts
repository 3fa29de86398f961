import { UsageError } from "../command";
import { PUBLIC_ARM } from "./arm";

/** The token goes there: in the clear only to this machine. */
export function checkEndpoint(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url === undefined || !(url.protocol === "https:" || (url.protocol === "http:" && loopback))) throw new UsageError(`--endpoint: is no https address, for example ${PUBLIC_ARM}`);
  if (url.username !== "" || url.password !== "" || url.search !== "") throw new UsageError("--endpoint: is an address alone, without a login and a query");
}

export function positive(option: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new UsageError(`--${option} ${text}: is no positive number`);
}
