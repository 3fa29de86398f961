import { TUNABLE_PRESETS } from "../../components/plan/catalogue/kaito-presets";
import { isSpot } from "../resources/pools";
import { labelsOf } from "../resources/pods";
import type { Resource } from "../resources/resource";
import { at, entries, is, isEmpty, isNot, isProperties, member, shown, textOf, UNKNOWN, type Value } from "../resources/value";
import type { Rule, StackFault } from "../rule";
import { rule } from "./settings";

const WORKSPACE = "kubernetes:kaito.sh:Workspace";
const SPOT = "kubernetes.azure.com/scalesetpriority";
const PUBLIC = "kaito.sh/enablelb";
/** Presets that KAITO 0.12 can tune; it admits any other, buys the nodes and then fails. */
const TUNABLE: readonly string[] = Object.keys(TUNABLE_PRESETS);

/** Workspaces of KAITO, whose pods nobody can change. */
export const KAITO_RULES: readonly Rule[] = [
  {
    ...{ name: "kaito-tuning-not-on-spot", scope: "stack", severity: "high", check: spotFaults },
    description: "A tuning Workspace of KAITO does not run on spot nodes: it keeps no checkpoint, so that each eviction starts it again from nothing",
    remediation: "select the nodes of a Regular pool in resource.labelSelector, or tune with TuningJob, which resumes",
    url: "https://kaito-project.github.io/kaito/docs/tuning",
  },
  rule([WORKSPACE], presetFaults, {
    ...{ name: "kaito-tunable-preset", severity: "high" },
    description: "A tuning Workspace of KAITO names a preset that KAITO can tune; of any other it buys the GPU nodes and then fails",
    remediation: `set tuning.preset.name to one of ${TUNABLE.join(", ")}, or tune with TuningJob`,
    url: "https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/models/transformer_runtime_tuning_parameters.go",
  }),
  rule([WORKSPACE, "kubernetes:kaito.sh:InferenceSet"], publicFaults, {
    ...{ name: "kaito-not-public", severity: "critical" },
    description: "No Workspace of KAITO has an address on the Internet: its server asks nobody who they are, and Ray's ports come with it",
    remediation: `remove the annotation ${PUBLIC}, and put a gateway that signs callers in before it`,
    url: "https://kaito-project.github.io/kaito/docs/inference",
  }),
];

function isTuning(props: Value): boolean {
  return isProperties(at(props, "tuning"));
}

function spotFaults(resources: readonly Resource[]): readonly StackFault[] {
  const spots = resources.filter(({ kind, props }) => kind.endsWith(":containerservice:AgentPool") && isSpot(props)).map(({ props }) => at(props, "nodeLabels"));
  const workspaces = resources.filter(({ kind, props }) => kind === WORKSPACE && isTuning(props));
  return workspaces.flatMap((resource) => {
    const wanted = at(resource.props, "resource.labelSelector.matchLabels");
    if (is(member(wanted, SPOT), "spot")) return [{ resource, fault: `resource.labelSelector asks for ${SPOT}: spot` }];
    const caught = spots.some((labels) => selects(wanted, labels));
    return caught ? [{ resource, fault: "resource.labelSelector selects the nodes of a spot pool" }] : [];
  });
}

/** Whether labels are surely all that a selector asks for; one that asks for nothing selects nothing in particular. */
function selects(wanted: Value, labels: Value): boolean {
  const of = labelsOf(labels);
  const asked = entries(wanted);
  return wanted !== UNKNOWN && asked.length > 0 && asked.every(([key, value]) => textOf(value) !== undefined && of[key] === value);
}

function presetFaults({ props }: Resource): readonly string[] {
  const name = at(props, "tuning.preset.name");
  const alias = textOf(name)?.toLowerCase().split("/").at(-1);
  if (!isTuning(props) || name === UNKNOWN || (alias !== undefined && TUNABLE.includes(alias))) return [];
  return [`tuning.preset.name is ${shown(name)}`];
}

function publicFaults({ props }: Resource): readonly string[] {
  const annotations = at(props, "metadata.annotations");
  const asked = annotations === UNKNOWN ? UNKNOWN : member(annotations, PUBLIC);
  return !isEmpty(asked) && isNot(asked, "false", false) ? [`the annotation ${PUBLIC} is ${shown(asked)}`] : [];
}
