import { createHash } from "node:crypto";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const RETRY_MS = 250;

/** As long as can be: Node.js 20 pads a shorter one and 24 does not, so that they would not see each other. */
const ADDRESS_LENGTH = 108;

/**
 * Does `work` while no other process of this machine holds the same lock. The lock is an abstract socket (unix(7)):
 * the kernel frees it however its holder ends. Only Linux has them; elsewhere two processes may do the same work.
 */
export async function withLock<T>(
  name: string,
  report: (detail: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (process.platform !== "linux") return work();
  const address = `\0aks-fine-tuning/${createHash("sha256").update(name).digest("hex")}`.padEnd(ADDRESS_LENGTH, "_");
  let lock = await listen(address);
  if (lock === undefined) report("waiting for another process that does the same");
  while (lock === undefined) {
    await sleep(RETRY_MS);
    lock = await listen(address);
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function listen(address: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      resolve(server);
    });
  });
}
