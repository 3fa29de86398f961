import { inferenceSet, INFERENCE, type KaitoObject, RESOURCE, servingWorkspace, TUNING, tuningWorkspace, workspace } from "./objects";

const adapter = (name: string, more: object = {}) => ({ source: { name, image: "mlreg.azurecr.io/adapters/a:1" }, ...more });
const adapters = (count: number) => Array.from({ length: count }, (_, index) => adapter(`a${String(index)}`));

/** A new object, and a part of what is said of it; of one that is taken, nothing. */
export interface Made {
  readonly what: string;
  readonly object: KaitoObject;
  readonly says: string;
  /** Whether 0.6 does the same. */
  readonly old: boolean;
}

/** What KAITO's webhook refuses, by version, made with nodes of its own: the object, and a part of what is said. */
const REFUSED: readonly (readonly [what: string, object: KaitoObject, says: string, since?: "0.12"])[] = [
  ["nothing to do", workspace("idle", undefined, { resource: RESOURCE }), "not neither"],
  ["both at once", workspace("both", undefined, { resource: RESOURCE, tuning: TUNING, inference: INFERENCE }), "but not both"],
  ["no size", workspace("sizeless", undefined, { resource: { labelSelector: RESOURCE.labelSelector }, tuning: TUNING }), "instanceType is required", "0.12"],
  ["a name with a dot", tuningWorkspace({ name: "a.b" }), "DNS label"],
  ["a foreign node image", tuningWorkspace({ annotations: { "kaito.sh/node-image-family": "windows" } }), "node image family", "0.12"],
  ["a performance mode that is none", servingWorkspace({ annotations: { "kaito.sh/performance-mode": "fast" } }), "performance mode", "0.12"],
  ["local weights perhaps", servingWorkspace({ annotations: { "kaito.sh/use-local-weights": "yes" } }), "use-local-weights", "0.12"],
  ["tuning on two nodes", tuningWorkspace({ resource: { count: 2 } }), "multinode"],
  ["tuning on a part of a GPU", tuningWorkspace({ resource: { partition: { mode: "mig", profile: "1g.10gb" } } }), "not supported for tuning", "0.12"],
  ["a method that is none", tuningWorkspace({ tuning: { method: "full" } }), "neither lora nor qlora"],
  ["two inputs", tuningWorkspace({ tuning: { input: { image: "a.io/b:1", urls: ["https://example.com/a.json"] } } }), "exactly one of urls"],
  ["no input", tuningWorkspace({ tuning: { input: {} } }), "exactly one of urls"],
  ["a file by ftp", tuningWorkspace({ tuning: { input: { urls: ["ftp://example.com/a.json"] } } }), "HTTP or HTTPS"],
  ["the machine's metadata", tuningWorkspace({ tuning: { input: { urls: ["http://169.254.169.254/metadata"] } } }), "local, private or metadata"],
  ["an image that is no reference", tuningWorkspace({ tuning: { input: { image: "Not An Image" } } }), "input image reference"],
  ["no output", tuningWorkspace({ tuning: { output: {} } }), "exactly one of volumeSource or image"],
  ["two outputs", tuningWorkspace({ tuning: { output: { ...TUNING.output, volumeSource: { emptyDir: {} } } } }), "exactly one of volumeSource or image"],
  ["a push without a secret", tuningWorkspace({ tuning: { output: { image: "a.io/b:1" } } }), "imagePushSecret"],
  ["an unknown preset", tuningWorkspace({ tuning: { preset: { name: "falcon-7b" } } }), "unsupported tuning preset", "0.12"],
  ["preset and template", servingWorkspace({ inference: { template: { spec: {} } } }), "preset or template"],
  ["an unknown model", servingWorkspace({ inference: { preset: { name: "nobody-knows" } } }), "unsupported inference preset"],
  ["a selector that is no map", servingWorkspace({ resource: { labelSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } }), "turned into labels"],
  ["only labels of KAITO's own", servingWorkspace({ resource: { labelSelector: { matchLabels: { "kaito.sh/workspace": "x" } } } }), "non-reserved", "0.12"],
  ["a size of another cloud", servingWorkspace({ resource: { instanceType: "p4d.24xlarge" } }), "unsupported instance type"],
  ["a part of a GPU on a node that is bought", servingWorkspace({ resource: { partition: { mode: "accelerator", count: 1 } } }), "only supported with BYO", "0.12"],
  ["transformers on two nodes", servingWorkspace({ resource: { count: 2 }, annotations: { "kaito.sh/runtime": "transformers" } }), "Transformers runtime"],
  ["eleven adapters", servingWorkspace({ inference: { adapters: adapters(11) } }), "maximum of 10"],
  ["one adapter twice", servingWorkspace({ inference: { adapters: [adapter("a"), adapter("a")] } }), "duplicate"],
  ["a strength with vLLM", servingWorkspace({ inference: { adapters: [adapter("a", { strength: "0.5" })] } }), "strength"],
  ["a set without a size", inferenceSet({ resource: { instanceType: "" } }), "instanceType is required", "0.12"],
  ["a set of an unknown model", inferenceSet({ inference: { preset: { name: "nobody-knows" } } }), "unsupported inference preset", "0.12"],
  ["a set with a strength", inferenceSet({ inference: { adapters: [adapter("a", { strength: "0.5" })] } }), "strength", "0.12"],
];

export const REFUSED_WHEN_MADE: readonly Made[] = REFUSED.map(([what, object, says, since]) => ({ what, object, says, old: since === undefined }));

/** The same where nobody makes nodes, since 0.12. */
export const REFUSED_ON_OWN_NODES: readonly Omit<Made, "old">[] = [
  { what: "a size to serve on", object: servingWorkspace(), says: "instanceType must be empty" },
  { what: "a size to tune on", object: tuningWorkspace(), says: "instanceType must be empty" },
  { what: "a set with a size", object: inferenceSet(), says: "instanceType must be empty" },
  { what: "a part of a GPU without its gate", object: servingWorkspace({ resource: { instanceType: undefined, partition: { mode: "mig", profile: "1g.10gb" } } }), says: "enableMIG=true" },
];

/** What it lets through, though some of it fails later. */
const TAKEN: readonly (readonly [what: string, object: KaitoObject, since?: "0.12"])[] = [
  ["an ordinary run", tuningWorkspace()],
  ["a run of a model that cannot be tuned", tuningWorkspace({ name: "untunable", tuning: { preset: { name: "meta-llama/Llama-3.1-8B-Instruct" } } }), "0.12"],
  ["a method in capitals", tuningWorkspace({ name: "capitals", tuning: { method: "QLoRA" } })],
  ["a size that is not in its table", tuningWorkspace({ name: "v100", resource: { instanceType: "Standard_NC6s_v3" } })],
  ["a volume of an image", tuningWorkspace({ name: "volume", tuning: { input: { volumeSource: { image: { reference: "a.io/b:1" } } } } })],
  ["a file of the web", tuningWorkspace({ name: "web", tuning: { input: { urls: ["https://example.com/a.json?sig=1"] } } })],
  ["ordinary serving", servingWorkspace()],
  ["ten adapters", servingWorkspace({ name: "ten", inference: { adapters: adapters(10) } })],
  ["an adapter without a source", servingWorkspace({ name: "bare", inference: { adapters: [{ source: { name: "a", image: "A B" } }] } })],
  ["a strength with transformers", servingWorkspace({ name: "blend", annotations: { "kaito.sh/runtime": "transformers" }, inference: { adapters: [adapter("a", { strength: "0.5" })] } })],
  ["a pod of one's own", workspace("own", undefined, { resource: RESOURCE, inference: { template: { spec: { containers: [] } } } })],
  ["an ordinary set", inferenceSet(), "0.12"],
  ["a set of none", inferenceSet({ name: "none", replicas: 0 }), "0.12"],
];

export const TAKEN_WHEN_MADE: readonly Omit<Made, "says">[] = TAKEN.map(([what, object, since]) => ({ what, object, old: since === undefined }));

/** An edit of what is there: how it was, how it is to be, and what is said of it; of one that is taken, nothing. */
export const EDITS: readonly (readonly [what: string, before: KaitoObject, after: KaitoObject, says: string | undefined])[] = [
  ["tuning to serving", tuningWorkspace({ name: "e1" }), servingWorkspace({ name: "e1" }), "cannot be toggled"],
  ["another size", tuningWorkspace({ name: "e2" }), tuningWorkspace({ name: "e2", resource: { instanceType: "Standard_NC48ads_A100_v4" } }), "instanceType cannot be changed"],
  ["another selector", tuningWorkspace({ name: "e3" }), tuningWorkspace({ name: "e3", resource: { labelSelector: { matchLabels: { run: "two" } } } }), "labelSelector: field is immutable"],
  ["another count", servingWorkspace({ name: "e4" }), servingWorkspace({ name: "e4", resource: { count: 2 } }), "count: field is immutable"],
  ["another method", tuningWorkspace({ name: "e5" }), tuningWorkspace({ name: "e5", tuning: { method: "lora" } }), "method cannot be changed"],
  ["another model to tune", tuningWorkspace({ name: "e6" }), tuningWorkspace({ name: "e6", tuning: { preset: { name: "phi-4" } } }), "preset cannot be changed"],
  ["another name of the input", tuningWorkspace({ name: "e7" }), tuningWorkspace({ name: "e7", tuning: { input: { ...TUNING.input, name: "x" } } }), "name of the input"],
  ["another dataset, which trains anew", tuningWorkspace({ name: "e8" }), tuningWorkspace({ name: "e8", tuning: { input: { image: "a.io/b:2" } } }), undefined],
  ["another model to serve", servingWorkspace({ name: "e9" }), servingWorkspace({ name: "e9", inference: { preset: { name: "phi-4" } } }), "preset cannot be changed"],
  ["an adapter of no image", servingWorkspace({ name: "e10" }), servingWorkspace({ name: "e10", inference: { adapters: [{ source: { name: "a" } }] } }), "either image or volume"],
  ["an adapter by URL", servingWorkspace({ name: "e11" }), servingWorkspace({ name: "e11", inference: { adapters: [adapter("a", { source: { name: "a", image: "a.io/b:1", urls: ["https://example.com"] } })] } }), "URLs are not supported"],
  ["an adapter too strong", servingWorkspace({ name: "e12" }), servingWorkspace({ name: "e12", inference: { adapters: [adapter("a", { strength: "1.5" })] } }), "between 0 and 1"],
  ["a first adapter", servingWorkspace({ name: "e13" }), servingWorkspace({ name: "e13", inference: { adapters: [adapter("a")] } }), undefined],
  ["another template of a set, which does nothing", inferenceSet({ name: "e14" }), inferenceSet({ name: "e14", inference: { preset: { name: "phi-4" } } }), undefined],
  ["more of a set", inferenceSet({ name: "e15" }), inferenceSet({ name: "e15", replicas: 3 }), undefined],
];
