import * as net from "node:net";
import { readJson, writeIfChanged } from "./files";
import type { Home } from "./home";
import { runningDaemons } from "./processes";

export type Ports = Readonly<Record<string, number>>;

export interface PortWish {
  /** Key in `ports.json`, also the name of the daemon that listens on it. */
  readonly name: string;
  readonly daemon?: string;
  readonly address: string;
  readonly preferred?: number;
}

export function knownPorts(home: Home): Ports {
  return readJson<Ports>(home.ports) ?? {};
}

/** Remembered ports where they are still ours or free, others chosen anew. Addresses must exist already. */
export async function choosePorts(home: Home, wishes: readonly PortWish[]): Promise<Ports> {
  const known = knownPorts(home);
  const running = new Set(runningDaemons(home).map(({ name }) => name));
  const chosen: Record<string, number> = { ...known };
  for (const { name, daemon = name, address, preferred } of wishes) {
    const last = known[name];
    if (last !== undefined && running.has(daemon)) continue;
    const taken = new Set(Object.entries(chosen).filter(([other]) => other !== name).map(([, port]) => port));
    const candidates = [last, preferred, ...somePorts(home)].filter((port) => port !== undefined && !taken.has(port));
    chosen[name] = await firstFree(candidates.filter((port) => port !== undefined), address);
  }
  writeIfChanged(home.ports, `${JSON.stringify(chosen, undefined, 1)}\n`);
  return chosen;
}

/** Below the ports that Linux hands to outgoing connections (32768 and up), so that a stopped daemon's port stays free. */
function somePorts(home: Home): readonly number[] {
  const first = 20_000 + (parseInt(home.id, 16) % 120) * 100;
  return Array.from({ length: 12_000 }, (_, index) => 20_000 + ((first - 20_000 + index) % 12_000));
}

async function firstFree(candidates: readonly number[], address: string): Promise<number> {
  for (const port of candidates) if (await isFree(port, address)) return port;
  throw new Error(`no free port on ${address}`);
}

export function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
