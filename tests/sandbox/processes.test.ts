import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Home, sandboxHome } from "../../sandbox/home";
import { exclusively, tryLock, unlock } from "../../sandbox/lock";
import { choosePorts, isFree } from "../../sandbox/ports";
import { identify, isAlive, markedProcesses, startTimeInStat } from "../../sandbox/process-identity";
import { ensureDaemon, fingerprint, isCurrent, processRecords, stopDaemons, stopProcess } from "../../sandbox/processes";

let home: Home;

beforeEach(() => {
  home = sandboxHome(fs.mkdtempSync(path.join(os.tmpdir(), "sandbox-")));
});

afterEach(async () => {
  await Promise.all(markedProcesses(`${home.id}/`).map((process) => stopProcess(process)));
  fs.rmSync(home.dir, { recursive: true, force: true });
});

function sleeper(seconds = "1000") {
  return { name: "sleeper", command: [process.execPath, "-e", `setTimeout(() => {}, ${seconds}000)`] as const };
}

function daemon(seconds?: string): Parameters<typeof ensureDaemon>[1] {
  const [program, ...args] = sleeper(seconds).command;
  return { name: "sleeper", command: [program, ...args] };
}

describe("ensureDaemon", () => {
  it("starts what does not run, and leaves alone what does", async () => {
    const first = await ensureDaemon(home, daemon());
    expect(first.started).toBe(true);
    expect(await ensureDaemon(home, daemon())).toEqual({ pid: first.pid, started: false });
  });

  it("starts anew what was started otherwise", async () => {
    const first = await ensureDaemon(home, daemon());
    const second = await ensureDaemon(home, { ...daemon(), settings: "changed" });
    expect(second.started).toBe(true);
    expect(identify(first.pid)).toBeUndefined();
    expect(processRecords(home)).toHaveLength(1);
  });

  it("ends one that was started but never recorded", async () => {
    const first = await ensureDaemon(home, daemon());
    fs.rmSync(home.processes); // as if its starter had been killed just before writing it
    const second = await ensureDaemon(home, daemon());
    expect(second.pid).not.toBe(first.pid);
    expect(identify(first.pid)).toBeUndefined();
  });

  it("says why a program cannot be started", async () => {
    await expect(ensureDaemon(home, { name: "none", command: ["/nowhere/none"] })).rejects.toThrow("ENOENT");
  });
});

describe("a process record", () => {
  it("is of another process when the id was given away since", async () => {
    const { pid } = await ensureDaemon(home, daemon());
    const [record] = processRecords(home);
    expect(record?.pid).toBe(pid);
    expect(isAlive({ pid, startTime: "1" })).toBe(false);
    await stopProcess({ pid, startTime: "1" }); // not ours: must not be stopped
    expect(identify(pid)).toBeDefined();
  });

  it("is current while command, environment and settings are the same", async () => {
    await ensureDaemon(home, daemon());
    const [record] = processRecords(home);
    const same = record === undefined ? undefined : isCurrent(record, daemon());
    expect(same).toBe(true);
    expect(fingerprint({ ...daemon(), env: { A: "1" } })).not.toBe(fingerprint(daemon()));
  });

  it("goes when the daemon is stopped", async () => {
    const { pid } = await ensureDaemon(home, daemon());
    await stopDaemons(home, ["sleeper"]);
    expect(identify(pid)).toBeUndefined();
    expect(processRecords(home)).toEqual([]);
  });
});

it("the start time is read behind names with spaces and brackets, and a zombie has none", () => {
  const fields = Array.from({ length: 30 }, (_, index) => String(index + 4)).join(" ");
  expect(startTimeInStat(`7 (a b) c) S ${fields}`)).toBe("22");
  expect(startTimeInStat(`7 (a) Z ${fields}`)).toBeUndefined();
});

describe("locks", () => {
  it("are held until let go", () => {
    const file = path.join(home.dir, "lock");
    expect(tryLock(file)).toEqual({ held: true });
    expect(tryLock(file)).toEqual({ held: false, by: process.pid });
    unlock(file);
    expect(exclusively(file, () => "done")).toBe("done");
    expect(fs.readdirSync(home.dir)).toEqual([]);
  });

  it("are taken over from the dead", () => {
    const file = path.join(home.dir, "lock");
    fs.writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: "1" }));
    expect(tryLock(file)).toEqual({ held: true });
    unlock(file);
  });
});

describe("choosePorts", () => {
  const wishes = ["a", "b"].map((name) => ({ name, address: "127.0.0.1" }));

  it("remembers free ports, all different", async () => {
    const first = await choosePorts(home, wishes);
    expect(new Set(Object.values(first)).size).toBe(2);
    expect(await choosePorts(home, wishes)).toEqual(first);
  });

  it("chooses anew what somebody else took meanwhile", async () => {
    const { a } = await choosePorts(home, wishes);
    const { createServer } = await import("node:net");
    const server = createServer().listen(a, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await isFree(a ?? 0, "127.0.0.1")).toBe(false);
    expect((await choosePorts(home, wishes))["a"]).not.toBe(a);
    await new Promise((resolve) => server.close(resolve));
  });
});
