import { digestOf, RegistryError } from "../../cli/registry/digest";
import { tokenChallenge, tokenUrl } from "../../cli/registry/challenge";
import { type LoopbackRegistry, loopbackRegistry, manifestOf, type RegistryManners } from "../support/loopback-registry";

const IMAGE = { registry: "docker.io", repository: "vllm/vllm-openai", tag: "v0.25.1" };
const IN_REGISTRY = "vllm/vllm-openai:v0.25.1";
const MANIFEST = `/v2/vllm/vllm-openai/manifests/v0.25.1`;
const TOKEN = "/token?service=loopback&scope=repository%3Avllm%2Fvllm-openai%3Apull";

describe("digestOf", () => {
  let registry: LoopbackRegistry | undefined;
  afterEach(() => registry?.stop());

  async function asked(manners: RegistryManners, images: readonly string[] = [IN_REGISTRY]): Promise<string> {
    registry = await loopbackRegistry(images, manners);
    return digestOf(IMAGE, { mirrors: { "docker.io": registry.url }, timeoutSeconds: 5, pauseMilliseconds: 1 });
  }

  it.each<[string, RegistryManners, readonly string[]]>([
    ["at once", {}, [`HEAD ${MANIFEST}`]],
    ["with a token, where it is asked for one", { login: "token" }, [`HEAD ${MANIFEST}`, `GET ${TOKEN}`, `HEAD ${MANIFEST}`]],
    ["with a token of the OAuth kind", { login: "token", oauth: true }, [`HEAD ${MANIFEST}`, `GET ${TOKEN}`, `HEAD ${MANIFEST}`]],
    ["with a token whose scope the challenge leaves out", { login: "token", scopeless: true }, [`HEAD ${MANIFEST}`, `GET ${TOKEN}`, `HEAD ${MANIFEST}`]],
    ["from the manifest's bytes, where HEAD names no digest", { head: "no digest" }, [`HEAD ${MANIFEST}`, `GET ${MANIFEST}`]],
    ["from the manifest's bytes, where HEAD is refused", { head: "refused" }, [`HEAD ${MANIFEST}`, `GET ${MANIFEST}`]],
    ["after a registry was out of order", { failures: { times: 2, status: 503 } }, [`HEAD ${MANIFEST}`, `HEAD ${MANIFEST}`, `HEAD ${MANIFEST}`]],
    ["after a registry was out of patience", { failures: { times: 1, status: 429 } }, [`HEAD ${MANIFEST}`, `HEAD ${MANIFEST}`]],
  ])("is found %s", async (_, manners, requests) => {
    await expect(asked(manners)).resolves.toBe(manifestOf(IN_REGISTRY).digest);
    expect(registry?.requests).toEqual(requests);
  });

  it("asks for indexes first, so that a pin holds for every platform", async () => {
    await asked({});
    expect(registry?.accepted[0]).toMatch(/^application\/vnd\.oci\.image\.index\.v1\+json, application\/vnd\.docker\.distribution\.manifest\.list\.v2\+json, /);
  });

  it.each<[string, RegistryManners, RegExp]>([
    ["wants a password", { login: "password" }, /^docker\.io\/vllm\/vllm-openai:v0\.25\.1: 127\.0\.0\.1:\d+ wants a password; pin looks up public images only/],
    ["stays out of order", { failures: { times: 99, status: 500 } }, /answered 500 Internal Server Error$/],
    ["stays out of patience", { failures: { times: 99, status: 429 } }, /answered 429 Too Many Requests; it limits anonymous requests/],
    ["forbids", { failures: { times: 99, status: 403 } }, /answered 403 Forbidden; pin looks up public images only/],
  ])("says so when a registry %s", async (_, manners, message) => {
    const failed = asked(manners);
    await expect(failed).rejects.toThrow(RegistryError);
    await expect(failed).rejects.toThrow(message);
  });

  it("says so when there is no such tag", async () => {
    await expect(asked({}, ["vllm/vllm-openai:v0.25.0"])).rejects.toThrow(/^docker\.io\/vllm\/vllm-openai:v0\.25\.1: 127\.0\.0\.1:\d+ has no such tag/);
  });

  it("says so when nothing listens, and what a proxy needs", async () => {
    const gone = await loopbackRegistry([]);
    await gone.stop();
    const failed = digestOf(IMAGE, { mirrors: { "*": gone.url }, timeoutSeconds: 5, pauseMilliseconds: 1 });
    await expect(failed).rejects.toThrow(/127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED [^)]*\); is there a proxy\? then set NODE_USE_ENV_PROXY=1$/);
  });
});

describe("the token challenge", () => {
  it.each([
    ['Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"', { realm: "https://auth.docker.io/token", service: "registry.docker.io", scope: "repository:a/b:pull" }],
    ['bearer realm="https://nvcr.io/proxy_auth"', { realm: "https://nvcr.io/proxy_auth" }],
    ['Bearer service="no-realm"', undefined],
    ['Basic realm="private"', undefined],
    [null, undefined],
  ])("%s", (header, challenge) => {
    expect(tokenChallenge(header)).toEqual(challenge);
  });

  it("keeps what the realm's address already asks for", () => {
    expect(tokenUrl({ realm: "https://nvcr.io/proxy_auth?account=%24none", scope: "repository:nvidia/x:pull" }, "nvidia/x").href).toBe(
      "https://nvcr.io/proxy_auth?account=%24none&scope=repository%3Anvidia%2Fx%3Apull",
    );
  });
});
