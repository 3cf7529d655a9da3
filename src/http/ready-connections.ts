/**
 * Connections that are opened before a request asks for one. Node's agents open one only when a request is there, which
 * costs it two round trips: the handshakes of TCP and of TLS.
 */
import type http from "node:http";
import type https from "node:https";
import type { Duplex } from "node:stream";
import { bareHost, tlsServerName } from "./host-name.ts";

export interface ReadyConnections {
  /**
   * Opens connections to the URL's host until so many are there, those in use included.
   * @returns the round trip, as soon as it is known
   */
  connect(url: string, connections: number): Promise<number | undefined>;
  /**
   * Milliseconds to the URL's host and back, by the quickest connection so far: TCP's handshake is one round trip, and
   * that of TLS another (RFC 8446, 2). The look-up of the name is not counted. Undefined while there is none.
   */
  roundTrip(url: string): number | undefined;
  /** Ends those that no request has taken. */
  close(): void;
}

/** What Node's agents set for each connection of theirs. */
const likeAnAgent = { keepAlive: true, noDelay: true } as const;

/** Milliseconds. A firewall on the way may have forgotten an idle connection; one so old is not used. */
const longestReady = 10_000;

/**
 * From here on these agents hand out what is ready before they open a connection.
 * @param certificates PEM; trusted instead of Node's own list
 */
export function keepReady(
  agents: { readonly http: http.Agent; readonly https: https.Agent },
  certificates?: string,
): ReadyConnections {
  const end = new AbortController();
  const plain = readyFirst(agents.http, {}, end.signal);
  const secure = readyFirst(agents.https, certificates === undefined ? {} : { ca: certificates }, end.signal);
  const hostOf = (url: string) => {
    const { protocol, hostname, port } = new URL(url);
    const host = bareHost(hostname);
    return protocol === "https:" ? secure.hostAt(host, Number(port || 443)) : plain.hostAt(host, Number(port || 80));
  };
  return {
    connect: (url, connections) => hostOf(url).connect(connections),
    roundTrip: (url) => hostOf(url).roundTrip(),
    close() {
      end.abort();
      plain.close();
      secure.close();
    },
  };
}

type Host = ReturnType<typeof createHost>;

function readyFirst(agent: http.Agent, trusted: { readonly ca?: string }, end: AbortSignal) {
  const open = agent.createConnection.bind(agent);
  const hosts = new Map<string, Host>();

  function hostAt(host: string, port: number): Host {
    const name = `${host}:${port}`;
    const target = { ...likeAnAgent, ...trusted, host, port, servername: tlsServerName(host) };
    const known = hosts.get(name) ?? createHost(() => open(target), end);
    hosts.set(name, known);
    return known;
  }

  agent.createConnection = (target, created) => {
    const host = hostAt(String(target.host), Number(target.port));
    return host.take() ?? host.watch(open(target, created));
  };
  return {
    hostAt,
    close() {
      for (const host of hosts.values()) host.close();
    },
  };
}

function createHost(open: () => Duplex | null | undefined, end: AbortSignal) {
  const ready = new Map<Duplex, { readonly since: number }>();
  let connections = 0;
  let roundTrip: number | undefined;

  /** Counts the connection, and takes the time until it is there. */
  function watch<S extends Duplex | null | undefined>(socket: S): S {
    if (!socket) return socket;
    connections += 1;
    let since = performance.now();
    socket.once("lookup", () => {
      since = performance.now();
    });
    const [there, trips] = "encrypted" in socket ? (["secureConnect", 2] as const) : (["connect", 1] as const);
    socket.once(there, () => {
      roundTrip = Math.min(roundTrip ?? Number.POSITIVE_INFINITY, (performance.now() - since) / trips);
    });
    socket.once("close", () => {
      connections -= 1;
    });
    return socket;
  }

  function openReady(): Duplex | undefined {
    // Whoever waited for the first may go on when all is over, and a connection keeps the process alive.
    const socket = end.aborted ? undefined : watch(open());
    if (!socket) return undefined;
    ready.set(socket, { since: performance.now() });
    // The request that would have taken it opens its own, and meets the error itself if it lasts.
    socket.on("error", nobodyWaits);
    socket.once("close", () => ready.delete(socket));
    return socket;
  }

  return {
    watch,
    roundTrip: () => roundTrip,
    async connect(wanted: number): Promise<number | undefined> {
      const opened: Duplex[] = [];
      // One alone finds out whether there is such a host: the look-ups of its name share their threads with the reading
      // of files, and each may take as long as the system waits for an answer.
      if (connections === 0 && wanted > 0) {
        const first = openReady();
        if (first === undefined || !(await comesTo("connect", first))) return undefined;
        opened.push(first);
      }
      for (let missing = wanted - connections; missing > 0; missing -= 1) {
        const socket = openReady();
        if (socket !== undefined) opened.push(socket);
      }
      if (roundTrip === undefined && opened.length > 0) {
        await Promise.race(opened.map((socket) => comesTo("secureConnect", socket)));
      }
      return roundTrip;
    },
    take(): Duplex | undefined {
      for (const [socket, { since }] of ready) {
        ready.delete(socket);
        socket.off("error", nobodyWaits);
        if (performance.now() - since < longestReady) return socket;
        socket.destroy();
      }
      return undefined;
    },
    close() {
      for (const socket of ready.keys()) socket.destroy();
    },
  };
}

function nobodyWaits(): void {}

/** False when it is closed before. */
function comesTo(stage: "connect" | "secureConnect", socket: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve(false);
    socket.once(stage, () => resolve(true));
    socket.once("close", () => resolve(false));
  });
}
