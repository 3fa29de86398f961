import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { NetworkNamespace } from "./packets";

const NAME = "aksft-outside";
const LINK = "aksft-out0";
const TABLE = "7443";

/** A network namespace that has addresses of the world outside the cluster, as pods see it. Nothing of the machine's own traffic goes there. */
export function openOutside(addresses: readonly string[], podRange: string): NetworkNamespace {
  closeOutside(podRange);
  ip("netns", "add", NAME);
  ip("link", "add", LINK, "type", "veth", "peer", "name", "eth0", "netns", NAME);
  ip("address", "add", "198.51.100.1/30", "dev", LINK);
  ip("link", "set", LINK, "up");
  // Packets from those addresses come in where the main table would not send the answers.
  writeFileSync(`/proc/sys/net/ipv4/conf/${LINK}/rp_filter`, "0");
  ip("-n", NAME, "link", "set", "lo", "up");
  ip("-n", NAME, "link", "set", "eth0", "up");
  ip("-n", NAME, "address", "add", "198.51.100.2/30", "dev", "eth0");
  ip("-n", NAME, "route", "add", "default", "via", "198.51.100.1");
  for (const address of addresses) {
    ip("-n", NAME, "address", "add", `${address}/32`, "dev", "lo");
    ip("route", "add", `${address}/32`, "via", "198.51.100.2", "dev", LINK, "table", TABLE);
  }
  ip("rule", "add", "from", podRange, "lookup", TABLE, "priority", "1000");
  return `/run/netns/${NAME}`;
}

/** Nothing to do is no error. */
export function closeOutside(podRange: string): void {
  for (const args of [
    ["rule", "delete", "from", podRange, "lookup", TABLE],
    ["link", "delete", LINK],
    ["netns", "delete", NAME],
  ]) {
    spawnSync("ip", args, { stdio: "ignore" });
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
