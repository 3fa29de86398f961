import { GATES_OF_VERSION, KAITO_FEATURE_GATES, type KaitoFeatureGate } from "../../catalogue/kaito-charts";
import { drivenKaitoVersion, type KaitoNodeProvisioner } from "../../catalogue/kaito-versions";
import type { Problem } from "../../refuse";
import { oneOf } from "../../spelling";

type Gates = Readonly<Partial<Record<KaitoFeatureGate, boolean>>>;

const OWN_NODES = "disableNodeAutoProvisioning";

/** Every gate of the version, spelled out: what is not said would be the chart's to move. */
export function featureGates(version: string, nodeProvisioner: KaitoNodeProvisioner, given: Gates = {}): Record<string, boolean> {
  const driven = drivenKaitoVersion(version);
  // It makes no node by itself, that is nodeProvisioner's; it is what installs the feature discovery that one's own nodes need.
  return { ...(driven ? GATES_OF_VERSION[driven] : {}), ...given, [OWN_NODES]: nodeProvisioner === "byo" };
}

export function featureGateProblems(version: string, nodeProvisioner: KaitoNodeProvisioner, given: Gates = {}): Problem[] {
  const driven = drivenKaitoVersion(version);
  if (!driven) return [];
  const known = Object.keys(GATES_OF_VERSION[driven]);
  const gates = featureGates(version, nodeProvisioner, given);
  return [
    ...Object.keys(given).flatMap((gate) => nameProblems(gate, version, known)),
    ...partitionProblems(gates, nodeProvisioner),
    // https://kaito-project.github.io/kaito/docs/model-mirror-streaming
    ...(gates["ModelStreaming"] && !gates["ModelMirror"] ? [streamingProblem()] : []),
  ];
}

function nameProblems(gate: string, version: string, known: readonly string[]): Problem[] {
  const path = `featureGates.${gate}`;
  if (gate === OWN_NODES) {
    return [{ code: "AKSFT-KAITO-68", path, got: gate, rule: "follows from nodeProvisioner", fix: 'leave it out, and use nodeProvisioner "byo" for nodes of your own' }];
  }
  if (known.includes(gate)) return [];
  const elsewhere = KAITO_FEATURE_GATES.some((each) => each === gate);
  const rule = elsewhere ? `is no feature gate of version ${version}` : "is no feature gate of KAITO";
  return [{ code: "AKSFT-KAITO-67", path, got: gate, rule, fix: elsewhere ? "leave it out" : oneOf(gate, known) }];
}

/** https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go */
function partitionProblems(gates: Readonly<Record<string, boolean>>, nodeProvisioner: KaitoNodeProvisioner): Problem[] {
  const asked = ["enableMIG", "enableAccelerator"].filter((gate) => gates[gate] && nodeProvisioner !== "byo");
  const rule = `parts of a GPU are for nodes of one's own, and nodeProvisioner is "${nodeProvisioner}"`;
  return asked.map((gate) => ({ code: "AKSFT-KAITO-68", path: `featureGates.${gate}`, got: true, rule, fix: 'leave it out, or use nodeProvisioner "byo"' }));
}

function streamingProblem(): Problem {
  const rule = "streams from a ModelMirror, whose gate is off";
  return { code: "AKSFT-KAITO-68", path: "featureGates.ModelStreaming", got: true, rule, fix: "set featureGates.ModelMirror to true too" };
}
