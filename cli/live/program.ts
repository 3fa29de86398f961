import { spawn } from "node:child_process";

/** How a program ended; no code where there is none of that name. */
export interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export type Program = (name: string, args: readonly string[]) => Promise<Ended>;

const SECONDS = 15;

/** Runs a program of the PATH with what it reads shut. Names and arguments are this program's own, so that a shell, which Windows needs for az.cmd, sees nothing else. */
export const runProgram: Program = (name, args) =>
  new Promise((resolve) => {
    const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"], env: environment, shell: process.platform === "win32" });
    // The option `timeout` of spawn leaves its clock running where there is no such program, and this one waiting for it.
    const patience = setTimeout(() => child.kill(), SECONDS * 1000);
    const texts = { stdout: "", stderr: "" };
    const end = (code: number | undefined): void => {
      clearTimeout(patience);
      resolve({ code, ...texts });
    };
    for (const stream of ["stdout", "stderr"] as const) child[stream].setEncoding("utf8").on("data", (text: string) => (texts[stream] += text));
    child.once("error", () => end(undefined));
    child.once("close", (code) => end(code ?? 1));
  });
