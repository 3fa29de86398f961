import fc from "fast-check";
import { dockerConfigJson } from "../../../components/plan/manifests/registry-secret";
import { resourceManager, type ResourceManagerSettings } from "../../../components/plan/registry/resource-manager";
import { hoursForRun, planRegistrySecret, registryPlace, type RegistrySecretDecisions, type RegistrySecretSurroundings } from "../../../components/plan/registry/secret";
import { describe as worded, problemsOf as found } from "../../../components/plan/refuse";
import { messageOf } from "../../support/refusal";

const ID = "/subscriptions/5a4db0c5/resourceGroups/ai/providers/Microsoft.ContainerRegistry/registries/mlreg";
const AROUND: RegistrySecretSurroundings = { project: "aks-fine-tuning", stack: "dev", registryId: ID, resourceManager: {} };
const GIVEN: RegistrySecretDecisions = { repository: "support/tickets", access: "push", validHours: 48 };

/** What is refused, one problem a line; nothing where it is taken. */
const problemsOf = (work: () => unknown): string => found(work).map(worded).join("\n");
const plan = (changes: Partial<RegistrySecretDecisions> = {}, around: Partial<RegistrySecretSurroundings> = {}, name = "tickets-push") =>
  planRegistrySecret(name, { ...GIVEN, ...changes }, { ...AROUND, ...around });

describe("a registry secret's plan", () => {
  it("permits reading and writing of one repository for whoever pushes", () => {
    expect(plan()).toEqual({
      tokenName: expect.stringMatching(/^tickets-push-[0-9a-f]{8}$/) as string,
      actions: ["repositories/support/tickets/content/read", "repositories/support/tickets/content/write"],
      secretName: "tickets-push",
      validHours: 48,
      renew: false,
      resourceManager: { endpoint: "https://management.azure.com", settleSeconds: 60 },
    });
  });

  it("permits reading alone for whoever pulls, and takes the names and the renewal that are asked for", () => {
    expect(plan({ access: "pull", secretName: "registry.pull", renew: true })).toMatchObject({
      actions: ["repositories/support/tickets/content/read"],
      secretName: "registry.pull",
      renew: true,
    });
  });

  it("gives another token to another stack, project or secret, and the same one to the same", () => {
    const names = [plan(), plan({}, { stack: "prod" }), plan({}, { project: "other" }), plan({}, {}, "tickets-pull")].map(({ tokenName }) => tokenName);
    expect(new Set(names).size).toBe(4);
    expect(plan({ validHours: 1, access: "pull" }).tokenName).toBe(names[0]);
  });

  it("names tokens as Azure lets them be named, whatever the secret is called", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80, unit: "binary" }), (name) => {
        expect(plan({ secretName: "given" }, {}, name).tokenName).toMatch(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{3,48}[a-zA-Z0-9])$/);
      }),
    );
  });

  it("says every fault at once, and what to change", () => {
    const faults = messageOf(() =>
      planRegistrySecret(
        "Tickets Push",
        { repository: "Support/Tickets", access: "write" as "push", validHours: 0 },
        { ...AROUND, registryId: "mlreg.azurecr.io", resourceManager: { endpoint: "http://management.azure.com" } },
      ),
    );
    expect(faults).toBe(
      [
        'RegistrySecret "Tickets Push" cannot be deployed:',
        '- AKSFT-SECRET-01 repository: got "Support/Tickets"; needs lower-case letters and digits in parts between slashes, with single ".", "_" or "-" inside them, at most 255 characters, has 15; fix: use for example "support/tickets"',
        '- AKSFT-SECRET-02 access: got "write"; is none of pull, push; fix: use one of pull, push',
        "- AKSFT-SECRET-03 validHours: got 0; must be a whole number from 1 to 8760; fix: use 1",
        '- AKSFT-SECRET-04 name: got "Tickets Push"; needs lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part, at most 253 characters, has 12; fix: use for example secretName: "tickets-push"',
        '- AKSFT-SECRET-05 registry.id: got "mlreg.azurecr.io"; is no resource id of a container registry; fix: use "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/NAME"',
        '- AKSFT-SECRET-06 AKS_FINE_TUNING_RESOURCE_MANAGER: got "http://management.azure.com"; receives the login to Azure, so it is an https address without a login and a query, or one of this machine; fix: use for example "https://management.azure.com", or unset it',
      ].join("\n"),
    );
  });

  it.each<[string, Partial<RegistrySecretDecisions>, boolean]>([
    ["validHours", { validHours: 1 }, true],
    ["validHours", { validHours: 8760 }, true],
    ["validHours", { validHours: 8761 }, false],
    ["validHours", { validHours: 1.5 }, false],
    ["validHours", { validHours: Number.NaN }, false],
    ["secretName", { secretName: "a".repeat(253) }, true],
    ["secretName", { secretName: "a".repeat(254) }, false],
    ["secretName", { secretName: "a..b" }, false],
    ["secretName", { secretName: "-a" }, false],
    ["secretName", { secretName: "" }, false],
    ["repository", { repository: "support/*" }, false],
  ])("takes or refuses %s as in %j: %p", (path, changes, taken) => {
    const faults = problemsOf(() => plan(changes));
    expect(faults.includes(` ${path}: `)).toBe(!taken);
  });

  it("offers a secret name that is taken", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (secretName) => {
        const fix = /fix: use for example "(.*)"$/.exec(problemsOf(() => plan({ secretName })))?.[1] ?? "fine";
        expect(problemsOf(() => plan({ secretName: fix }))).toBe("");
      }),
    );
  });

  it("finds the registry's group and name in its id, whatever its case, and asks an id that is not known yet nothing", () => {
    expect(registryPlace(ID.replace("resourceGroups", "resourcegroups"))).toEqual({ resourceGroupName: "ai", registryName: "mlreg" });
    expect(plan({}, { registryId: Promise.resolve("later") }).secretName).toBe("tickets-push");
  });
});

describe("Azure Resource Manager's address", () => {
  it.each<[ResourceManagerSettings, string, number]>([
    [{ environment: "usgovernment" }, "https://management.usgovcloudapi.net", 60],
    [{ environment: "China" }, "https://management.chinacloudapi.cn", 60],
    [{ endpoint: "https://gateway.example/arm/" }, "https://gateway.example/arm", 60],
    [{ environment: "china", endpoint: "http://127.0.0.1:20001" }, "http://127.0.0.1:20001", 0],
  ])("is that of %j", (settings, endpoint, settleSeconds) => {
    expect(resourceManager(settings)).toEqual({ endpoint, settleSeconds });
    expect(plan({}, { resourceManager: settings }).resourceManager.endpoint).toBe(endpoint);
  });

  it.each<[ResourceManagerSettings, string]>([
    [{ environment: "german" }, 'azure-native:environment: got "german"; is none of public, usgovernment, china'],
    [{ endpoint: "https://me:word@gateway.example" }, "AKS_FINE_TUNING_RESOURCE_MANAGER"],
    [{ endpoint: "https://gateway.example/?a=b" }, "AKS_FINE_TUNING_RESOURCE_MANAGER"],
    [{ endpoint: "gateway.example" }, "AKS_FINE_TUNING_RESOURCE_MANAGER"],
  ])("is refused as %j", (settings, message) => {
    expect(problemsOf(() => plan({}, { resourceManager: settings }))).toContain(`AKSFT-SECRET-06 ${message}`);
  });
});

describe("a run's password", () => {
  it.each([
    [24, 26],
    [0.5, 3],
    [8758, 8760],
    [9000, 8760],
  ])("is valid longer than the deadline of %p hours, as far as a password can be: %p", (deadline, hours) => {
    expect(hoursForRun(deadline)).toBe(hours);
  });
});

describe("Docker's configuration", () => {
  it("holds the login of one registry, as kubelets and clients read it", () => {
    const text = Buffer.from(dockerConfigJson({ loginServer: "mlreg.azurecr.io", username: "tickets", password: "pa:ss" }), "base64").toString("utf8");
    const auth = Buffer.from("tickets:pa:ss").toString("base64");
    expect(JSON.parse(text)).toEqual({ auths: { "mlreg.azurecr.io": { username: "tickets", password: "pa:ss", auth } } });
  });
});
