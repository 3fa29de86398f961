import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { type Fixed, type Pin, pinKeys, pinned, type PinTarget, planCataloguePins, planPins, rewriteCatalogue } from "../components/plan/pins";
import { type Answer, EXIT, UsageError } from "./command";
import { digestOf, type LookUp, RegistryError } from "./registry/digest";
import { openStackFile } from "./stack-file";

export const HELP = `aks-fine-tuning pin: look up the digests of the images that others publish, and write them where a
review sees the change.

  --stack NAME             the environment: the keys that its layers use, in Pulumi.NAME.yaml
                             platform  ${namesOf("platform")}
                             serving   ${namesOf("serving")}
                           all of them where neither it nor Pulumi.yaml lists layers
  --catalogue              the catalogue of this checkout, instead of an environment
  --check                  change nothing; say what is behind
  --catalogue-tags         move to the catalogue's tags where the environment follows others
  --mirror [HOST=]URL      reach HOST, or every registry, at URL; can be given more than once
  --timeout-seconds N      for each request (default 15)
  --cwd DIR                folder of the Pulumi project, or the checkout (default: here)
  --json                   machine-readable
  --help                   this text

An image named by digest alone follows no tag and stays. weightsImage and trainerImage are your own
builds: write those yourself. Lookups are anonymous; behind a proxy set NODE_USE_ENV_PROXY=1.

Examples
  aks-fine-tuning pin --stack prod
  aks-fine-tuning pin --stack prod --check --json
  aks-fine-tuning pin --catalogue --mirror docker.io=https://mirror.example.com

Exit codes: 0 written, or nothing to do; 1 --check: something is behind; 2 wrong usage; 3 a registry
could not be asked, nothing written.
`;

const CATALOGUE = path.join("components", "plan", "catalogue", "images.ts");

function namesOf(layer: string): string {
  return Object.values(pinKeys([layer])).join(", ");
}

/** Where pins stand. */
interface Place {
  readonly file: string;
  readonly targets: readonly PinTarget[];
  readonly fixed: readonly Fixed[];
  write(pins: readonly Pin[]): void;
}

/** Looks up every image, and writes all of what changed or nothing. */
export async function pin(args: readonly string[], patience: Pick<LookUp, "pauseMilliseconds"> = {}): Promise<Answer> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string" },
      catalogue: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      "catalogue-tags": { type: "boolean", default: false },
      mirror: { type: "string", multiple: true, default: [] },
      "timeout-seconds": { type: "string", default: "15" },
      cwd: { type: "string", default: "." },
      json: { type: "boolean", default: false },
    },
  });
  if ((values.stack === undefined) !== values.catalogue) throw new UsageError("give either --stack NAME or --catalogue");
  const place = values.stack === undefined ? ofCatalogue(values.cwd) : ofStack(values.cwd, values.stack, values["catalogue-tags"]);
  const options: LookUp = {
    mirrors: mirrorsOf(values.mirror),
    timeoutSeconds: secondsOf(values["timeout-seconds"]),
    ...patience,
  };
  const pins = await lookUp(place.targets, options);
  const changes = pins.filter(({ state }) => state !== "current");
  if (!values.check && changes.length > 0) place.write(changes);
  const text = values.json ? json(place, pins, values.check) : table(place, pins, values.check);
  return { text, code: values.check && changes.length > 0 ? EXIT.refused : EXIT.done };
}

/** All at once; every registry that failed is named, not only the first. */
async function lookUp(targets: readonly PinTarget[], options: LookUp): Promise<readonly Pin[]> {
  const answers = await Promise.all(targets.map((target) => answerOf(target, options)));
  const failures = answers.filter((answer) => answer instanceof RegistryError);
  if (failures.length > 0) throw new RegistryError(failures.map(({ message }) => message).join("\n"));
  return answers.flatMap((answer) => (answer instanceof RegistryError ? [] : [answer]));
}

async function answerOf(target: PinTarget, options: LookUp): Promise<Pin | RegistryError> {
  try {
    return pinned(target, await digestOf(target.wanted, options));
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

function ofStack(directory: string, stack: string, catalogueTags: boolean): Place {
  const stackFile = openStackFile(directory, stack);
  const layers = stackFile.list("layers");
  const configured = Object.fromEntries(Object.values(pinKeys(layers)).map((key) => [key, stackFile.get(key)]));
  return {
    file: stackFile.file,
    ...planPins(configured, { catalogueTags, layers }),
    write: (pins) => {
      for (const each of pins) stackFile.set(each.key, each.pinned);
      stackFile.save();
    },
  };
}

function ofCatalogue(directory: string): Place {
  const file = path.join(directory, CATALOGUE);
  if (!existsSync(file)) throw new UsageError(`${file} does not exist: --catalogue changes a checkout of aks-fine-tuning; for a project of yours give --stack NAME`);
  const source = readFileSync(file, "utf8");
  return { file, targets: planCataloguePins(source), fixed: [], write: (pins) => writeFileSync(file, rewriteCatalogue(source, pins)) };
}

function mirrorsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, host = "*", url = ""] = /^(?:([^=/]+)=)?(https?:\/\/.+)$/.exec(text) ?? [];
      if (!URL.canParse(url)) throw new UsageError(`--mirror ${text}: is neither URL nor HOST=URL, for example docker.io=https://mirror.example.com`);
      return [host, url];
    }),
  );
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new UsageError(`--timeout-seconds ${text}: is no positive number`);
}

function json({ file, fixed }: Place, pins: readonly Pin[], check: boolean): string {
  const written = !check && pins.some(({ state }) => state !== "current");
  return `${JSON.stringify({ file, written, images: pins, fixed }, undefined, 2)}\n`;
}

function table({ file, fixed }: Place, pins: readonly Pin[], check: boolean): string {
  const behind = pins.filter(({ state }) => state !== "current").length;
  if (pins.length + fixed.length === 0) return `${file}: its layers run no image that others publish\n`;
  const verdict = behind === 0 ? "nothing is behind" : `${behind} of ${pins.length} ${check ? "behind" : "written"}`;
  return [
    `${file}: ${verdict}`,
    ...pins.flatMap(({ key, current, pinned: reference, state, catalogueTag }) => [
      `  ${key}: ${state}`,
      ...(state === "current" ? [`    ${reference}`] : [`    was ${current ?? "the catalogue's, by tag"}`, `    ${check ? "is " : "now"} ${reference}`]),
      ...(catalogueTag === undefined ? [] : [`    the catalogue has ${catalogueTag}; --catalogue-tags moves to it`]),
    ]),
    ...fixed.map(({ key, current }) => `  ${key}: follows no tag, stays\n    ${current}`),
    "",
  ].join("\n");
}
