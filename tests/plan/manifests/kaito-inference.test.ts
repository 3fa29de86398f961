import fc from "fast-check";
import { KAITO_SERVING, OLD_KAITO_SERVING, OWN_NODES_SERVING, planned, rendered, TICKETS_ADAPTER, TICKETS_IMAGE } from "../../support/kaito-serving";

const LABELS = { "app.kubernetes.io/name": "tickets", "app.kubernetes.io/component": "serving", "app.kubernetes.io/managed-by": "aks-fine-tuning" };
const SOURCE = { source: { name: "tickets", image: TICKETS_IMAGE, imagePullSecrets: ["tickets-tickets-pull"] } };

describe("kaitoServer", () => {
  it("renders an InferenceSet with everything", () => {
    const decided = { performanceMode: "throughput", maxModelLength: 4096, accessSecret: "hub", replicas: 2, adapters: [TICKETS_ADAPTER] } as const;
    const server = rendered(planned({ ...decided, environment: "development", publicLoadBalancer: true }));
    const { name } = server;
    expect(name).toMatch(/^tickets-[0-9a-f]{5}$/);
    expect(server).toEqual({
      name,
      podLabels: { "inferenceset.kaito.sh/created-by": name },
      answering: { "inferenceset.kaito.sh/created-by": name, "apps.kubernetes.io/pod-index": "0" },
      config: {
        name: expect.stringMatching(/^tickets-config-[0-9a-f]{8}$/),
        data: {
          "inference_config.yaml":
            'vllm:\n  served-model-name: "phi-4"\n  gpu-memory-utilization: 0.84\n  max-model-len: 4096\n  max-lora-rank: 16\n  max-loras: 1\n',
        },
      },
      manifest: {
        apiVersion: "kaito.sh/v1beta1",
        kind: "InferenceSet",
        metadata: {
          name,
          namespace: "support",
          labels: LABELS,
          annotations: { "pulumi.com/waitFor": "condition=InferenceSetReady", "kaito.sh/disable-benchmark": "true" },
        },
        spec: {
          replicas: 2,
          labelSelector: { matchLabels: { "aks-fine-tuning.dev/service": name } },
          template: {
            metadata: {
              annotations: {
                "kaito.sh/runtime": "vllm",
                "kaito.sh/disable-benchmark": "true",
                "kaito.sh/performance-mode": "throughput",
                "kaito.sh/enablelb": "True",
              },
            },
            resource: { instanceType: "Standard_NC24ads_A100_v4" },
            inference: {
              preset: { name: "microsoft/phi-4", presetOptions: { modelAccessSecret: "hub" } },
              config: server.config?.name,
              adapters: [SOURCE],
            },
          },
        },
      },
    });
  });

  it("renders an InferenceSet with nothing that was not asked for", () => {
    const { name, manifest, config } = rendered(planned());
    expect(manifest).toMatchObject({
      spec: {
        replicas: 1,
        labelSelector: { matchLabels: { "aks-fine-tuning.dev/service": name } },
        template: {
          metadata: { annotations: { "kaito.sh/runtime": "vllm", "kaito.sh/disable-benchmark": "true" } },
          inference: { preset: { name: "microsoft/phi-4" }, config: config?.name },
        },
      },
    });
    expect(config?.data).toEqual({ "inference_config.yaml": 'vllm:\n  served-model-name: "phi-4"\n  gpu-memory-utilization: 0.84\n' });
  });

  it("renders a Workspace, which has no spec and no benchmark", () => {
    const server = rendered(planned({ ...OLD_KAITO_SERVING, adapters: [TICKETS_ADAPTER] }));
    const { name } = server;
    expect([server.podLabels, server.answering]).toEqual([{ "kaito.sh/workspace": name }, { "kaito.sh/workspace": name }]);
    expect(server.config?.data).toEqual({ "inference_config.yaml": 'vllm:\n  served-model-name: "phi-4"\n  max-lora-rank: 16\n  max-loras: 1\n' });
    expect(server.manifest).toEqual({
      apiVersion: "kaito.sh/v1beta1",
      kind: "Workspace",
      metadata: {
        name,
        namespace: "support",
        labels: LABELS,
        annotations: { "pulumi.com/waitFor": "condition=WorkspaceSucceeded", "kaito.sh/runtime": "vllm" },
      },
      resource: { instanceType: "Standard_NC24ads_A100_v4", labelSelector: { matchLabels: { "aks-fine-tuning.dev/service": name } } },
      inference: { preset: { name: "phi-4" }, config: server.config?.name, adapters: [SOURCE] },
    });
  });

  it("selects one's own nodes by their labels, and names no size", () => {
    expect(rendered(planned(OWN_NODES_SERVING)).manifest).toMatchObject({
      spec: { labelSelector: { matchLabels: { "aks-fine-tuning.dev/pool": "serve" } }, template: { resource: {} } },
    });
    expect(JSON.stringify(rendered(planned(OWN_NODES_SERVING)).manifest)).not.toContain("instanceType");
  });

  it("writes no configuration for transformers, and an adapter's strength as text", () => {
    const server = rendered(planned({ runtime: "transformers", adapters: [{ ...TICKETS_ADAPTER, strength: 0.5 }] }));
    expect(server.config).toBeUndefined();
    expect(server.manifest).toMatchObject({
      spec: { template: { metadata: { annotations: { "kaito.sh/runtime": "transformers" } }, inference: { adapters: [{ ...SOURCE, strength: "0.5" }] } } },
    });
    expect(JSON.stringify(server.manifest)).not.toContain('"config"');
  });

  it("tells sets of two teams and of two services apart", () => {
    const names = [planned(), planned({ namespace: "billing" }), planned({}, "returns")].map((plan) => rendered(plan).name);
    // Nodes carry the set's name and no namespace.
    expect(new Set(names).size).toBe(3);
  });

  it("leaves room in names for what KAITO and Kubernetes add: a StatefulSet's pods carry its name and a revision in a label", () => {
    const longest = rendered(planned({ kaito: { version: "0.12", nodeProvisioner: "azure-gpu-provisioner" } }, "a".repeat(40))).name;
    expect(`${longest}-xxxxx-0123456789`.length).toBeLessThanOrEqual(63);
  });

  it("gives the set a name by what it serves, however many copies and nodes there may be and whoever calls", () => {
    fc.assert(
      fc.property(
        fc.record({ replicas: fc.integer({ min: 0, max: 9 }), maxNodes: fc.integer({ min: 9, max: 99 }), clients: fc.constantFrom("any" as const, ["frontend"]) }),
        (changes) => {
          expect(rendered(planned(changes)).name).toBe(rendered(planned(KAITO_SERVING)).name);
        },
      ),
    );
  });
});
