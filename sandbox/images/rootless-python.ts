import * as path from "node:path";
import { type CommandOptions, run } from "../toolchain/commands";

/** The Python of a root file system, run without entering it: with its own loader and its own libraries. */
export interface RootlessPython {
  run(args: readonly string[], options?: CommandOptions): Promise<string>;
}

export function rootlessPython(root: string, python: string): RootlessPython {
  const libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((folder) => path.join(root, folder));
  const program = path.join(root, "usr/bin", python);
  return {
    run: (args, options = {}) =>
      run(
        path.join(root, "lib64/ld-linux-x86-64.so.2"),
        ["--library-path", libraries.join(":"), "--argv0", program, program, ...args],
        {
          ...options,
          env: {
            PYTHONHOME: path.join(root, "usr"),
            PYTHONNOUSERSITE: "1",
            // Whatever the caller's own Python is told: compiled modules belong beside their sources.
            PYTHONDONTWRITEBYTECODE: "",
            PYTHONPYCACHEPREFIX: "",
            // Waiting threads that spin take the cores from whatever else runs on the machine.
            OMP_WAIT_POLICY: "PASSIVE",
            ...options.env,
          },
        },
      ),
  };
}
