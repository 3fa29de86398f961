import { clean } from "../clean";
import { type Json, type JsonObject, listOf, member, numberOf, objectOf, textOf } from "../read/json";
import type { State } from "../read/preview";
import { nameOf } from "../read/states";
import { isUnknown } from "../values";
import { byKaito, kaitoPoolName } from "./by-kaito";
import type { Action, Change } from "./change";
import { overlaps } from "./losses";
import { componentClass, inputAt, isKaitoServer, isServingDeployment, poolLabelOf } from "./things";
import { type Service, type ServiceState, toldText } from "./workloads";

/** Services by their components; what runs one whose component stays, which a digest then leaves out, stands for it. */
export function servicesOf(changes: readonly Change[]): readonly Service[] {
  const components = new Map<string, Change>(changes.filter(({ type }) => componentClass(type) === "InferenceService").map((each) => [each.urn, each]));
  const servers = new Map<string, Change>(changes.filter((each) => isServingDeployment(each) || isKaitoServer(each)).map((each) => [each.parent ?? each.urn, each]));
  return [...new Set([...components.keys(), ...servers.keys()])].map((urn) => {
    const [component, server] = [components.get(urn), servers.get(urn)];
    const action = actionOf(component, server);
    const name = component?.name ?? (server?.parent === undefined ? server?.name : clean(nameOf(urn), 120)) ?? "";
    const serves = server !== undefined && isKaitoServer(server) ? kaitoServes : deploymentServes;
    const stateOf = (when: "old" | "new") => serviceState(name, component?.[when], server?.[when], serves);
    return { name, action, old: action === "create" ? undefined : stateOf("old"), new: action === "delete" ? undefined : stateOf("new") };
  });
}

function actionOf(component: Change | undefined, server: Change | undefined): Action {
  const own = component?.action ?? "same";
  if (server === undefined) return own;
  // A second set of KAITO's answers before the first goes.
  const action = isKaitoServer(server) && overlaps(server) ? "update" : server.action;
  if (own === "same") return action;
  return own === "update" && action === "replace" ? "replace" : own;
}

/** What runs a service says of it, where that is known. */
interface Served {
  readonly model: string | undefined;
  readonly replicas: number | undefined;
  readonly adapters: ServiceState["adapters"];
  readonly selector: Json | undefined;
}

function serviceState(name: string, component: State | undefined, server: State | undefined, serves: (inputs: JsonObject) => Served | undefined): ServiceState | undefined {
  if (!component && !server) return undefined;
  const inputs = component?.inputs ?? {};
  const declared = listOf(inputs["adapters"]).flatMap((each) => toldText(each, 63) ?? []);
  const served = server && serves(server.inputs);
  const kaito = byKaito(inputs);
  return {
    model: toldText(inputs["model"], 80) ?? served?.model,
    replicas: served ? served.replicas : replicasBeforeAdapters(inputs, declared),
    adapters: served?.adapters ?? declared.map((each) => ({ name: each, digest: undefined })),
    pool: kaito?.makesNodes === true ? kaitoPoolName("service", name) : (poolLabelOf(inputs["nodeSelector"]) ?? poolLabelOf(served?.selector)),
    size: toldText(inputs["size"], 60),
    ...(kaito ? { kaito } : {}),
  };
}

function deploymentServes(inputs: JsonObject): Served | undefined {
  const spec = inputs["spec"];
  if (spec === undefined || isUnknown(spec)) return undefined;
  const pod = inputAt(spec, "template", "spec");
  const adapters = mountedAdapters(objectOf(pod));
  return { model: servedName(inputAt(pod, "containers", "0")), replicas: numberOf(inputAt(spec, "replicas")), adapters, selector: inputAt(pod, "nodeSelector") };
}

/** An InferenceSet, or a Workspace, which has no copies to count and is written without `spec`. */
function kaitoServes(inputs: JsonObject): Served | undefined {
  const set = inputs["spec"];
  if (isUnknown(set)) return undefined;
  const inference = set === undefined ? inputs["inference"] : inputAt(set, "template", "inference");
  if (inference === undefined || isUnknown(inference)) return undefined;
  const adapters = listOf(inputAt(inference, "adapters")).flatMap((each) => {
    const name = toldText(inputAt(each, "source", "name"), 63);
    return name === undefined ? [] : [{ name, digest: digestIn(inputAt(each, "source", "image")) }];
  });
  const selector = set === undefined ? inputAt(inputs["resource"], "labelSelector", "matchLabels") : inputAt(set, "labelSelector", "matchLabels");
  return { model: toldText(inputAt(inference, "preset", "name"), 80), replicas: set === undefined ? 1 : numberOf(inputAt(set, "replicas")), adapters, selector };
}

/** While every adapter is still to come a service has no replica, unless it serves its base. */
function replicasBeforeAdapters(inputs: JsonObject, adapters: readonly string[]): number | undefined {
  const replicas = numberOf(inputs["replicas"]);
  return adapters.length > 0 && inputs["serveBase"] === false ? 0 : replicas;
}

function servedName(container: JsonObject[string]): string | undefined {
  const args = listOf(inputAt(container, "args"));
  const at = args.indexOf("--served-model-name");
  return at < 0 ? undefined : toldText(args[at + 1], 80);
}

function mountedAdapters(pod: JsonObject): ServiceState["adapters"] {
  return listOf(pod["volumes"]).flatMap((volume) => {
    const name = textOf(member(volume, "name"));
    if (name?.startsWith("adapter-") !== true) return [];
    return [{ name: clean(name.slice("adapter-".length), 63), digest: digestIn(inputAt(volume, "image", "reference")) }];
  });
}

/** What tells an image apart from others, as far as people read it. */
function digestIn(reference: JsonObject[string]): string | undefined {
  return /@sha256:([0-9a-f]{12})/.exec(textOf(reference) ?? "")?.[1];
}
