/**
 * Kept-alive connections, through a proxy where the environment names one: the agents of the part sender and of the SDK's
 * clients alike. Through a proxy, TLS runs inside a CONNECT tunnel, one for each connection and none for each request;
 * plain HTTP is forwarded (RFC 9112, 3.2.2: the whole address in the request line).
 */
import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { Agents } from "./exchange.ts";
import { bareHost, tlsServerName } from "./host-name.ts";
import type { ChooseProxy, ProxyServer } from "./proxy-choice.ts";
import { authorizationOf, openTunnel, proxyRefused, viaProxy } from "./proxy-tunnel.ts";
import { keepReady } from "./ready-connections.ts";

export interface AgentOptions {
  /** Connections at a time to one host, at most; further requests wait for a free one. */
  readonly connections: number;
  /** For a tunnel to come about, TLS inside included. */
  readonly connectTimeoutMs: number;
  /** PEM; trusted instead of Node's own list, as `AWS_CA_BUNDLE` has it. */
  readonly certificates?: string | undefined;
  /** Undefined: straight to every target. */
  readonly proxy?: ChooseProxy | undefined;
}

export function createAgents(options: AgentOptions): Agents {
  const { connections, certificates, proxy } = options;
  // Last in, first out: idle connections beyond those in use age and close instead of taking turns.
  const settings = {
    keepAlive: true,
    maxSockets: connections,
    maxFreeSockets: connections,
    scheduling: "lifo",
  } as const;
  const secure = { ...settings, ...(certificates === undefined ? {} : { ca: certificates }) };
  if (proxy === undefined) {
    const direct = { http: new http.Agent(settings), https: new https.Agent(secure) };
    return { ...direct, ready: keepReady(direct, certificates) };
  }

  const route: Route = { ...options, proxy };
  return {
    http: new ForwardingAgent(settings, route),
    https: new TunnelAgent(secure, route),
    refusedByProxy: (url) => {
      const { hostname, port, host } = new URL(url);
      const chosen = proxy({ secure: false, host: bareHost(hostname), port: Number(port || 80) });
      return chosen === undefined ? undefined : proxyRefused(407, chosen, host);
    },
  };
}

interface Route extends AgentOptions {
  readonly proxy: ChooseProxy;
}

/** What Node's agent hands to `createConnection`. */
interface Target extends tls.ConnectionOptions {
  readonly host?: string;
  readonly port?: number;
  readonly hostname?: string;
}

type Created = (error: Error | null, stream: Duplex) => void;

class ForwardingAgent extends http.Agent {
  readonly #route: Route;

  constructor(settings: http.AgentOptions, route: Route) {
    super(settings);
    this.#route = route;
  }

  /** Node calls it for each request before anything is written. */
  addRequest(request: http.ClientRequest, target: Target): void {
    try {
      const proxy = this.#route.proxy(targetOf(target, 80));
      if (proxy !== undefined) forward(request, proxy);
    } catch (error) {
      (request as unknown as WaitingRequest).onSocket(null, error as Error);
      return;
    }
    (http.Agent.prototype as unknown as InnerAgent).addRequest.call(this, request, target);
  }

  override createConnection(target: http.ClientRequestArgs, created?: Created): Duplex | null | undefined {
    const proxy = this.#route.proxy(targetOf(target as Target, 80));
    if (proxy === undefined) return super.createConnection(target, created);
    const { certificates: ca } = this.#route;
    const address = { host: proxy.host, port: proxy.port };
    const socket = proxy.secure
      ? tls.connect({ ...address, servername: tlsServerName(proxy.host), ...(ca === undefined ? {} : { ca }) })
      : net.connect({ ...address, noDelay: true });
    // The first listener: whoever reads the error later finds the proxy in it.
    socket.once("error", (error) => void viaProxy(error, proxy));
    return socket;
  }
}

class TunnelAgent extends https.Agent {
  readonly #route: Route;

  constructor(settings: https.AgentOptions, route: Route) {
    super(settings);
    this.#route = route;
  }

  override createConnection(target: https.RequestOptions, created: Created): Duplex | null | undefined {
    const address = targetOf(target as Target, 443);
    let proxy: ProxyServer | undefined;
    try {
      proxy = this.#route.proxy(address);
    } catch (error) {
      created(error as Error, undefined as unknown as Duplex);
      return undefined;
    }
    if (proxy === undefined) return super.createConnection(target, created);
    const place = holdPlace(this, target);
    this.#tunnel(target, proxy, address).then(
      (socket) => {
        place.leave();
        created(null, socket);
      },
      (error: Error) => {
        place.leave();
        created(error, undefined as unknown as Duplex);
        place.failWaiting(error);
      },
    );
    return undefined;
  }

  /** Settles when TLS inside the tunnel stands, so that a request never begins on a socket that comes to nothing. */
  async #tunnel(
    target: https.RequestOptions,
    proxy: ProxyServer,
    address: { host: string; port: number },
  ): Promise<Duplex> {
    const { certificates, connectTimeoutMs: timeoutMs } = this.#route;
    const way = await openTunnel(proxy, address, { certificates, timeoutMs });
    const inside = { ...target, socket: way } as https.RequestOptions;
    const socket = super.createConnection(inside) as tls.TLSSocket;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => socket.destroy(Object.assign(new Error("no TLS within the connect timeout"), { code: "ETIMEDOUT" })),
        timeoutMs,
      );
      const settle = (act: () => void) => () => {
        clearTimeout(timer);
        socket.off("error", failed);
        act();
      };
      const failed = (error: Error) => settle(() => reject(error))();
      socket.once("secureConnect", settle(resolve));
      socket.once("error", failed);
      socket.once(
        "close",
        settle(() => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" }))),
      );
    });
    return socket;
  }
}

function forward(request: http.ClientRequest, proxy: ProxyServer): void {
  request.path = `http://${String(request.getHeader("host"))}${request.path}`;
  for (const [name, value] of Object.entries(authorizationOf(proxy))) request.setHeader(name, value);
}

/** What Node's agent calls when there is no connection for a request. Without one, `destroy` would tell nobody. */
interface WaitingRequest {
  onSocket(socket: null, error: Error): void;
}

/** Node's agent as it is, besides what its types tell. */
interface InnerAgent {
  addRequest(this: http.Agent, request: http.ClientRequest, target: Target): void;
  readonly sockets: Record<string, net.Socket[]>;
  totalSocketCount: number;
  readonly requests: Record<string, WaitingRequest[]>;
}

/**
 * Node counts a connection against `maxSockets` when it is there, and a tunnel takes time: without something in its
 * place every waiting request would open one of its own.
 */
function holdPlace(agent: https.Agent, target: https.RequestOptions) {
  const inner = agent as unknown as InnerAgent;
  const name = agent.getName(target);
  const placeholder = new net.Socket();
  inner.sockets[name] ??= [];
  inner.sockets[name].push(placeholder);
  inner.totalSocketCount += 1;
  const isHeld = () => inner.sockets[name]?.includes(placeholder) === true;
  return {
    leave() {
      if (!isHeld()) return;
      inner.sockets[name] = (inner.sockets[name] ?? []).filter((socket) => socket !== placeholder);
      inner.totalSocketCount -= 1;
    },
    /** Whoever waits for this place would wait for ever; what ends one way ends all that go the same. */
    failWaiting(error: Error) {
      const waiting = inner.requests[name] ?? [];
      delete inner.requests[name];
      for (const request of waiting) request.onSocket(null, error);
    },
  };
}

function targetOf({ host, hostname, port, protocol }: Target & { protocol?: string }, usualPort: number) {
  return {
    secure: usualPort === 443 || protocol === "https:",
    host: bareHost(host ?? hostname ?? "localhost"),
    port: Number(port ?? usualPort),
  };
}
