import { decideInferenceSet } from "../../../sandbox/kaito/operator/decide-inference-set";
import type { InferenceSet, Workspace } from "../../../sandbox/kaito/operator/objects";
import { metadata, NOW, QUICK, tuning } from "../../support/kaito/situations";

const FINALIZER = "inferenceset.finalizer.kaito.sh";

function set(changes: Partial<InferenceSet["spec"]> = {}, more: Parameters<typeof metadata>[1] = {}): InferenceSet {
  const template = { metadata: { annotations: { "kaito.sh/runtime": "vllm" } }, resource: { instanceType: "Standard_NC24ads_A100_v4" }, inference: { preset: { name: "phi-4" } } };
  return { metadata: metadata("chat", { finalizers: [FINALIZER], ...more }), spec: { labelSelector: { matchLabels: { run: "chat" } }, template, ...changes } };
}

function child(name: string, ready: boolean, more: Parameters<typeof metadata>[1] = {}): Workspace {
  const owner = { kind: "InferenceSet", name: "chat", uid: "uid-of-chat", controller: true };
  const succeeded = { type: "WorkspaceSucceeded", status: ready ? "True" : "False", reason: "r", message: "", lastTransitionTime: "2026-11-26T11:59:00Z" } as const;
  return tuning({ metadata: metadata(name, { ownerReferences: [owner], ...more }), status: { conditions: [succeeded] } });
}

const decide = (of: InferenceSet, workspaces: readonly Workspace[], settings = QUICK) => decideInferenceSet(of, { workspaces, settings, now: NOW, suffix: "ab12c" });
const brief = (of: InferenceSet, workspaces: readonly Workspace[]) => decide(of, workspaces).map(({ verb, path }) => `${verb} ${path.split("/").slice(-2).join("/")}`);

describe("an InferenceSet", () => {
  it("gets its finalizer first", () => {
    expect(decide(set({}, { finalizers: [] }), [])).toEqual([
      { verb: "patch", path: "/apis/kaito.sh/v1beta1/namespaces/team/inferencesets/chat", body: { metadata: { finalizers: [FINALIZER] } } },
    ]);
  });

  it("makes a child of its template, which its annotations alone reach", () => {
    expect(decide(set(), []).at(-1)).toEqual({
      verb: "create",
      path: "/apis/kaito.sh/v1beta1/namespaces/team/workspaces",
      body: {
        apiVersion: "kaito.sh/v1beta1",
        kind: "Workspace",
        metadata: {
          name: "chat-ab12c",
          namespace: "team",
          labels: { "inferenceset.kaito.sh/created-by": "chat" },
          annotations: { "kaito.sh/runtime": "vllm" },
          ownerReferences: [{ apiVersion: "kaito.sh/v1beta1", kind: "InferenceSet", name: "chat", uid: "uid-of-chat", controller: true, blockOwnerDeletion: true }],
        },
        resource: { instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { run: "chat" } } },
        inference: { preset: { name: "phi-4" } },
      },
    });
  });

  it("keeps children as they were made: the template is not looked at again", () => {
    expect(brief(set(), [child("chat-1", true)])).toEqual(["patch chat/status"]);
  });

  it("takes away the children that serve least, all of them at none", () => {
    expect(brief(set({ replicas: 1 }), [child("chat-1", true), child("chat-2", false)])).toEqual(["patch chat/status", "delete workspaces/chat-2"]);
    expect(brief(set({ replicas: 0 }), [child("chat-1", true)])).toEqual(["patch chat/status", "delete workspaces/chat-1"]);
  });

  it("is ready when as many serve as it wants", () => {
    const status = (replicas: number, ...workspaces: readonly Workspace[]) => decide(set({ replicas }), workspaces)[0]?.body;
    const selector = "inferenceset.kaito.sh/created-by=chat";
    expect(status(1, child("chat-1", true))).toMatchObject({ status: { replicas: 1, readyReplicas: 1, selector, conditions: [{ type: "InferenceSetReady", status: "True" }] } });
    expect(status(2, child("chat-1", true))).toMatchObject({ status: { replicas: 1, readyReplicas: 1, conditions: [{ status: "False", message: expect.stringContaining("1/2") as string }] } });
  });

  it("outlives its children, and as long as it is told", () => {
    const going = set({}, { deletionTimestamp: "2026-11-26T11:59:50Z" });
    expect(brief(going, [child("chat-1", true), child("chat-2", true, { deletionTimestamp: "2026-11-26T11:59:50Z" })])).toEqual(["delete workspaces/chat-1"]);
    expect(decide(going, [], { ...QUICK, deletionSeconds: 11 })).toEqual([]);
    expect(brief(going, [])).toEqual(["patch inferencesets/chat"]);
  });
});
