import * as fs from "node:fs";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { serviceErrorOf } from "./provider-errors";
import * as wire from "./provider-messages";
import type { StandIn } from "./stand-in";

export interface ProviderServerOptions {
  /** Package stood in for, as named in `PULUMI_DEBUG_PROVIDERS`. */
  readonly name: string;
  readonly version: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly log: Log;
  /**
   * Called once per provider instance of a running engine: an engine opens one connection for each provider resource
   * of its program, so two kubernetes providers with different clusters are two stand-ins, each configured on its own.
   */
  readonly open: () => StandIn;
}

export interface ProviderServer {
  readonly port: number;
  close(): Promise<void>;
}

export type Log = (line: string) => void;

/** Appends dated lines to a file, or writes them to standard error where there is none. */
export function openLog(file: string | undefined): Log {
  if (file !== undefined) fs.mkdirSync(path.dirname(file), { recursive: true });
  return (line) => {
    const text = `${new Date().toISOString()} ${line}\n`;
    if (file === undefined) process.stderr.write(text);
    else fs.appendFileSync(file, text);
  };
}

/** Serves a stand-in on loopback until closed; an engine that says goodbye (Cancel) leaves it serving the next one. */
export async function serveProvider(options: ProviderServerOptions): Promise<ProviderServer> {
  // The engine's own limit is 400 MB (rpcutil.GrpcMaxRecvMsgSize); grpc-js's default of 4 MB is less than a large
  // state.
  const limit = 400 * 1024 * 1024;
  const server = new grpc.Server({ "grpc.max_receive_message_length": limit, "grpc.max_send_message_length": limit });
  server.addService(ResourceProviderService, implementation(options));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${options.port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.tryShutdown(() => {
          resolve();
        });
      }),
  };
}

/** The stand-in of each engine connection, by its peer address. */
class Connections {
  private readonly standIns = new Map<string, StandIn>();
  private readonly inFlight = new Map<string, Set<AbortController>>();

  constructor(private readonly open: () => StandIn) {}

  /**
   * A connection that reconnects (grpc-go drops idle ones after 30 minutes) has a new address and is not configured
   * again: it gets the stand-in that was configured last.
   */
  standIn(peer: string, method: string): StandIn {
    const opened = this.standIns.get(peer);
    if (opened) return opened;
    const latest = [...this.standIns.values()].at(-1);
    const setup = ["Handshake", "Attach", "GetPluginInfo", "CheckConfig", "DiffConfig", "Configure"].includes(method);
    const standIn = setup || !latest ? this.open() : latest;
    this.standIns.set(peer, standIn);
    const oldest = this.standIns.keys().next();
    if (this.standIns.size > 200 && !oldest.done) this.standIns.delete(oldest.value);
    return standIn;
  }

  begin(peer: string): AbortController {
    const controller = new AbortController();
    const running = this.inFlight.get(peer) ?? new Set();
    running.add(controller);
    this.inFlight.set(peer, running);
    return controller;
  }

  end(peer: string, controller: AbortController): void {
    const running = this.inFlight.get(peer);
    running?.delete(controller);
    if (running?.size === 0) this.inFlight.delete(peer);
  }

  /** Only the calls of the engine that cancels: others may be served at the same time. */
  cancel(peer: string): void {
    for (const controller of this.inFlight.get(peer) ?? []) controller.abort();
  }
}

type Work<Request, Response> = (
  standIn: StandIn,
  request: Request,
  signal: AbortSignal,
) => Promise<Response> | Response;

/** Methods left out (Parameterize, Call, Construct, GetMapping, List) are answered UNIMPLEMENTED by grpc-js. */
function implementation(options: ProviderServerOptions): grpc.UntypedServiceImplementation {
  const connections = new Connections(options.open);
  const unary =
    <Request, Response>(method: string, work: Work<Request, Response>): grpc.handleUnaryCall<Request, Response> =>
    (call, callback) => {
      const peer = call.getPeer();
      const controller = connections.begin(peer);
      call.on("cancelled", () => {
        controller.abort();
      });
      const started = Date.now();
      // In a promise so that what a stand-in throws at once is answered like what it rejects with later.
      Promise.resolve()
        .then(() => work(connections.standIn(peer, method), call.request, controller.signal))
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            const answer = serviceErrorOf(error);
            if (answer.code !== grpc.status.UNIMPLEMENTED) {
              options.log(`${method} failed after ${Date.now() - started} ms: ${answer.details ?? ""}`);
            }
            callback(answer);
          },
        )
        .finally(() => {
          connections.end(peer, controller);
        });
    };

  return { ...lifecycleMethods(options, unary, connections), ...resourceMethods(unary) };
}

type Unary = <Request, Response>(
  method: string,
  work: Work<Request, Response>,
) => grpc.handleUnaryCall<Request, Response>;

function lifecycleMethods(
  options: ProviderServerOptions,
  unary: Unary,
  connections: Connections,
): grpc.UntypedServiceImplementation {
  return {
    handshake: unary<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>("Handshake", (standIn) =>
      new proto.ProviderHandshakeResponse()
        .setAcceptSecrets(standIn.acceptsSecrets ?? true)
        .setSupportsAutonamingConfiguration(standIn.supportsAutonaming ?? false),
    ),
    attach: unary<Empty, Empty>("Attach", () => new Empty()),
    getPluginInfo: unary<Empty, PluginInfo>("GetPluginInfo", () => new PluginInfo().setVersion(options.version)),
    getSchema: unary<proto.GetSchemaRequest, proto.GetSchemaResponse>("GetSchema", () =>
      new proto.GetSchemaResponse().setSchema(JSON.stringify({ name: options.name, version: options.version })),
    ),
    checkConfig: unary<proto.CheckRequest, proto.CheckResponse>("CheckConfig", async (standIn, message, signal) => {
      const request = wire.checkRequest(message, signal);
      return wire.checkResponse((await standIn.checkConfig?.(request)) ?? { inputs: request.news });
    }),
    diffConfig: unary<proto.DiffRequest, proto.DiffResponse>("DiffConfig", async (standIn, message, signal) =>
      wire.diffResponse((await standIn.diffConfig?.(wire.diffRequest(message, signal))) ?? { changes: "none" }),
    ),
    configure: unary<proto.ConfigureRequest, proto.ConfigureResponse>("Configure", async (standIn, message) => {
      await standIn.configure?.(wire.configureRequest(message));
      return new proto.ConfigureResponse()
        .setAcceptsecrets(standIn.acceptsSecrets ?? true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(standIn.supportsAutonaming ?? false);
    }),
    cancel: (call: grpc.ServerUnaryCall<Empty, Empty>, callback: grpc.sendUnaryData<Empty>) => {
      connections.cancel(call.getPeer());
      callback(null, new Empty());
    },
  };
}

function resourceMethods(unary: Unary): grpc.UntypedServiceImplementation {
  return {
    check: unary<proto.CheckRequest, proto.CheckResponse>("Check", async (standIn, message, signal) =>
      wire.checkResponse(await standIn.check(wire.checkRequest(message, signal))),
    ),
    diff: unary<proto.DiffRequest, proto.DiffResponse>("Diff", async (standIn, message, signal) =>
      wire.diffResponse(await standIn.diff(wire.diffRequest(message, signal))),
    ),
    create: unary<proto.CreateRequest, proto.CreateResponse>("Create", async (standIn, message, signal) =>
      wire.createResponse(await standIn.create(wire.createRequest(message, signal))),
    ),
    read: unary<proto.ReadRequest, proto.ReadResponse>("Read", async (standIn, message, signal) =>
      wire.readResponse(await standIn.read(wire.readRequest(message, signal))),
    ),
    update: unary<proto.UpdateRequest, proto.UpdateResponse>("Update", async (standIn, message, signal) =>
      wire.updateResponse(await standIn.update(wire.updateRequest(message, signal))),
    ),
    delete: unary<proto.DeleteRequest, Empty>("Delete", async (standIn, message, signal) => {
      await standIn.delete(wire.deleteRequest(message, signal));
      return new Empty();
    }),
    invoke: unary<proto.InvokeRequest, proto.InvokeResponse>("Invoke", async (standIn, message, signal) =>
      wire.invokeResponse(await standIn.invoke(wire.invokeRequest(message, signal))),
    ),
  };
}
