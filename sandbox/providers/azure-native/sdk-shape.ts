import * as fs from "node:fs";
import * as path from "node:path";

/** Which properties a type takes and gives, read from the installed SDK: the same schema the real provider embeds. */
export interface SdkShape {
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  /** REST API version the SDK was generated for; azure-native puts it into every resource's inputs. */
  readonly apiVersion: string | undefined;
}

const shapes = new Map<string, SdkShape | undefined>();

export function sdkShape(type: string): SdkShape | undefined {
  if (!shapes.has(type)) shapes.set(type, readShape(type));
  return shapes.get(type);
}

function readShape(type: string): SdkShape | undefined {
  const [, module = "", resource = ""] = type.split(":");
  if (!/^[a-z0-9]+$/.test(module) || !/^[A-Za-z0-9]+$/.test(resource)) return undefined;
  const root = path.dirname(require.resolve("@pulumi/azure-native/package.json"));
  const file = path.join(root, module, `${resource.charAt(0).toLowerCase()}${resource.slice(1)}.js`);
  return fs.existsSync(file) ? parseShape(fs.readFileSync(file, "utf8")) : undefined;
}

/**
 * The generated constructor assigns every input from its arguments in one branch, and in the other (a resource that is
 * only read) every output to `undefined`.
 */
export function parseShape(source: string): SdkShape {
  const inputs = new Set<string>();
  const outputs = new Set<string>();
  for (const [, name = "", value = ""] of source.matchAll(/resourceInputs\["(\w+)"\] = (.*)/g)) {
    (value.startsWith("undefined /*out*/") ? outputs : inputs).add(name);
  }
  return {
    inputs,
    outputs,
    apiVersion: /Uses Azure REST API version (\d{4}-\d\d-\d\d(?:-preview)?)/.exec(source)?.[1],
  };
}
