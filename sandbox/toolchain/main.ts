import { consoleProgress } from "../progress";
import { availableTools, isToolName, TOOL_NAMES } from "./index";

/** Gets the named tools, or all of them, and prints `NAME=PATH` lines: for continuous integration to warm its cache. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !isToolName(name));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(", ")}; tools: ${TOOL_NAMES.join(", ")}`);
    return 2;
  }
  const wanted = names.length === 0 ? TOOL_NAMES : names.filter(isToolName);
  const { paths, unavailable } = await availableTools(wanted, consoleProgress());
  for (const name of wanted) if (paths[name] !== undefined) console.log(`${name}=${paths[name]}`);
  for (const problem of unavailable) console.error(problem.message);
  return unavailable.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
