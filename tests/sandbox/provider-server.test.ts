import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { InitializationFailed } from "../../sandbox/providers/provider-errors";
import { type ProviderServer, serveProvider } from "../../sandbox/providers/provider-server";
import type { CheckRequest, StandIn } from "../../sandbox/providers/stand-in";
import {
  decodeProperties,
  encodeProperties,
  known,
  type Properties,
  Secret,
  UNKNOWN,
} from "../../sandbox/providers/values";

const URN = "urn:pulumi:dev::test::my:component:C$kubernetes:core/v1:Pod::web";

/** Answers with what it was asked, so that tests see both directions. */
class Echo implements StandIn {
  config: Properties = {};
  checked: CheckRequest | undefined;

  configure({ config }: { readonly config: Properties }): void {
    this.config = config;
  }
  check(request: CheckRequest) {
    this.checked = request;
    return { inputs: request.news, failures: [{ property: "spec", reason: "is wrong" }] };
  }
  diff() {
    return {
      changes: "some",
      replaces: ["spec"],
      deleteBeforeReplace: true,
      detailed: { "spec.ports[0].port": "update-replace", metadata: "add" },
    } as const;
  }
  create({ inputs }: { readonly inputs: Properties }): never {
    throw new InitializationFailed("the-id", inputs, { ...inputs, status: "stuck" }, ["not ready"]);
  }
  read() {
    return undefined;
  }
  update({ news }: { readonly news: Properties }) {
    return news;
  }
  delete({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        reject(new Error("told to stop"));
      });
    });
  }
  invoke({ token }: { readonly token: string }) {
    return { result: { token, config: this.config } };
  }
}

let server: ProviderServer;
let opened: Echo[];
let clients: ResourceProviderClient[];

beforeEach(async () => {
  opened = [];
  clients = [];
  const open = () => {
    const echo = new Echo();
    opened.push(echo);
    return echo;
  };
  server = await serveProvider({ name: "echo", version: "1.2.3", port: 0, log: () => undefined, open });
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.close();
});

/** One engine connection; channels to the same address are shared unless they differ in options. */
function connect(): ResourceProviderClient {
  const options = { "grpc.use_local_subchannel_pool": 1 };
  const client = new ResourceProviderClient(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure(), options);
  clients.push(client);
  return client;
}

type Answer<Response> = (error: grpc.ServiceError | null, response: Response) => void;

function ask<Response>(call: (answer: Answer<Response>) => grpc.ClientUnaryCall): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

async function configure(client: ResourceProviderClient, config: Properties): Promise<proto.ConfigureResponse> {
  const request = new proto.ConfigureRequest();
  request.setArgs(encodeProperties(config));
  return ask<proto.ConfigureResponse>((answer) => client.configure(request, answer));
}

async function configOf(client: ResourceProviderClient) {
  const response = await ask<proto.InvokeResponse>((answer) =>
    client.invoke(new proto.InvokeRequest().setTok("any"), answer),
  );
  return known(decodeProperties(response.getReturn())["config"] ?? null);
}

it("keeps secrets and unknowns apart from plain values, both ways", async () => {
  const news = { plain: [1, null, "x"], secret: new Secret({ deep: UNKNOWN }), unknown: UNKNOWN };
  const request = new proto.CheckRequest().setUrn(URN);
  request.setNews(encodeProperties(news));
  const client = connect();
  const response = await ask<proto.CheckResponse>((answer) => client.check(request, answer));
  expect(decodeProperties(response.getInputs())).toEqual(news);
  expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
    { property: "spec", reason: "is wrong" },
  ]);
  expect(opened[0]?.checked).toMatchObject({ type: "kubernetes:core/v1:Pod", name: "web", news });
});

it("says in previews and by path what replaces", async () => {
  const client = connect();
  const response = await ask<proto.DiffResponse>((answer) => client.diff(new proto.DiffRequest(), answer));
  expect(response.toObject()).toMatchObject({
    changes: 2,
    replacesList: ["spec"],
    deletebeforereplace: true,
    hasdetaileddiff: true,
  });
  const kinds = response.getDetaileddiffMap();
  expect(kinds.get("spec.ports[0].port")?.getKind()).toBe(proto.PropertyDiff.Kind.UPDATE_REPLACE);
  expect(kinds.get("metadata")?.getKind()).toBe(proto.PropertyDiff.Kind.ADD);
  expect((await configure(client, {})).toObject()).toMatchObject({ supportspreview: true, acceptsecrets: true });
});

it("hands over what exists of a resource that did not come up", async () => {
  const client = connect();
  const request = new proto.CreateRequest();
  request.setProperties(encodeProperties({ a: 1 }));
  const error = await ask<proto.CreateResponse>((answer) => client.create(request, answer)).catch(
    (caught: unknown) => caught,
  );
  const { code, details, metadata } = error as grpc.ServiceError;
  expect([code, details]).toEqual([grpc.status.UNKNOWN, "not ready"]);
  const [trailer] = metadata.get("grpc-status-details-bin");
  const [packed] = Status.deserializeBinary(trailer as Buffer).getDetailsList();
  const detail = (packed ?? new Any()).unpack(
    (bytes) => proto.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  expect(detail?.getId()).toBe("the-id");
  expect(decodeProperties(detail?.getProperties())).toEqual({ a: 1, status: "stuck" });
  expect(detail?.getReasonsList()).toEqual(["not ready"]);
});

it("answers an empty id for a resource that is gone, and UNIMPLEMENTED for what it does not do", async () => {
  const client = connect();
  const gone = await ask<proto.ReadResponse>((answer) => client.read(new proto.ReadRequest().setId("it"), answer));
  expect(gone.getId()).toBe("");
  await expect(
    ask<proto.ParameterizeResponse>((answer) => client.parameterize(new proto.ParameterizeRequest(), answer)),
  ).rejects.toMatchObject({
    code: grpc.status.UNIMPLEMENTED,
  });
});

it("configures every provider of a program on its own, and goes on serving after Cancel", async () => {
  const [one, two] = [connect(), connect()];
  await configure(one, { kubeconfig: "one" });
  await configure(two, { kubeconfig: "two" });
  expect([await configOf(one), await configOf(two)]).toEqual([{ kubeconfig: "one" }, { kubeconfig: "two" }]);

  const deleting = ask<Empty>((answer) => one.delete(new proto.DeleteRequest(), answer));
  const ending = deleting.catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await ask<Empty>((answer) => two.cancel(new Empty(), answer));
  await ask<Empty>((answer) => one.cancel(new Empty(), answer));
  expect(String(await ending)).toContain("told to stop");
  expect(await configOf(one)).toEqual({ kubeconfig: "one" });
});
