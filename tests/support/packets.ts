import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A network namespace by the file that stands for it. */
export type NetworkNamespace = string;

export interface Listening {
  readonly stop: () => void;
}

export interface Attempt {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  /** The address it comes from, where the namespace has many. */
  readonly from?: string;
}

/** The namespace of the pod that has an address, found by its processes. */
export function namespaceOf(podAddress: string): NetworkNamespace | undefined {
  const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && hasAddress(name, podAddress));
  return pid === undefined ? undefined : `/proc/${pid}/ns/net`;
}

function hasAddress(pid: string, address: string): boolean {
  try {
    const lines = readFileSync(`/proc/${pid}/net/fib_trie`, "utf8").split("\n");
    return lines.some((line, index) => line.trim() === `|-- ${address}` && (lines[index + 1] ?? "").includes("/32 host LOCAL"));
  } catch {
    return false; // It ended meanwhile.
  }
}

const LISTENER = `
const wanted = JSON.parse(process.argv[1]);
const ready = wanted.map(({ protocol, port }) => new Promise((resolve, reject) => {
  if (protocol === "TCP") require("net").createServer((socket) => socket.on("error", () => {}).end("hello")).on("error", reject).listen(port, "0.0.0.0", resolve);
  else {
    const socket = require("dgram").createSocket("udp4");
    socket.on("error", reject).on("message", (message, from) => socket.send(message, from.port, from.address)).bind(port, "0.0.0.0", resolve);
  }
}));
Promise.all(ready).then(() => console.log("ready"), (error) => { console.error(error); process.exit(1); });`;

const CALLER = `
const attempts = JSON.parse(process.argv[1]);
const one = ({ protocol, address, port, from }) => new Promise((resolve) => {
  const late = setTimeout(() => resolve(false), 2000);
  const done = (reached) => { clearTimeout(late); resolve(reached); };
  if (protocol === "TCP") require("net").connect({ host: address, port, localAddress: from }).on("error", () => done(false)).on("data", () => done(true));
  else {
    const socket = require("dgram").createSocket("udp4").on("error", () => done(false)).on("message", () => done(true));
    socket.bind(0, from, () => socket.send("hello", port, address, () => undefined));
  }
});
Promise.all(attempts.map(one)).then((reached) => { console.log(JSON.stringify(reached)); process.exit(0); });`;

const CONNECTOR = `
const { address, port } = JSON.parse(process.argv[1]);
const end = (reached) => { console.log(reached); process.exit(0); };
require("net").connect({ host: address, port, timeout: 2000 }).on("connect", () => end(true)).on("timeout", () => end(false)).on("error", () => end(false));`;

const inside = (namespace: NetworkNamespace, script: string, argument: unknown): string[] => [
  `--net=${namespace}`,
  process.execPath,
  "-e",
  script,
  JSON.stringify(argument),
];

/** Answers at ports of a namespace, at every address that it has. */
export async function listen(namespace: NetworkNamespace, ports: readonly { readonly protocol: string; readonly port: number }[]): Promise<Listening> {
  const child = spawn("nsenter", inside(namespace, LISTENER, ports), { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("close", (code) => reject(new Error(`the listener ended with ${String(code)}`)));
  });
  return { stop: () => void child.kill() };
}

/** Which of the attempts got an answer. */
export function call(namespace: NetworkNamespace, attempts: readonly Attempt[]): readonly boolean[] {
  const { stdout, stderr, status } = spawnSync("nsenter", inside(namespace, CALLER, attempts), { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly boolean[];
}

/** Whether whoever listens there, and need not say anything by itself, takes a connection. */
export function connects(namespace: NetworkNamespace, address: string, port: number): boolean {
  const { stdout, stderr, status } = spawnSync("nsenter", inside(namespace, CONNECTOR, { address, port }), { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim() === "true";
}
