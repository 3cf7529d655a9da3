/** An HTTP proxy on loopback: tunnels with CONNECT, forwards plain requests, and remembers what it was asked. */
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach } from "vitest";
import type { Certificate } from "./loopback-certificate.ts";

export interface LoopbackProxy {
  /** `127.0.0.1:…` */
  readonly host: string;
  /** `CONNECT host:port` and `GET http://host/path`, in order. */
  readonly asked: readonly string[];
  /** Connections that were ever opened to the proxy. */
  readonly connections: () => number;
}

export interface ProxyBehaviour {
  /** `user:password` that is asked for. */
  readonly credentials?: string;
  /** Answers every CONNECT with this instead. */
  readonly status?: number;
  /** Never answers. */
  readonly silent?: boolean;
  /** Speaks TLS itself. */
  readonly certificate?: Certificate;
}

export function useLoopbackProxies(): (behaviour?: ProxyBehaviour) => Promise<LoopbackProxy> {
  const running: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
  afterEach(async () => {
    for (const { server, sockets } of running.splice(0)) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  return async (behaviour = {}) => {
    const { certificate } = behaviour;
    const server = certificate === undefined ? createServer() : createTlsServer(certificate);
    const sockets = new Set<Socket>();
    const asked: string[] = [];
    let connections = 0;
    const keep = (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).once("close", () => sockets.delete(socket));
    };
    server.on("connection", (socket: Socket) => {
      connections += 1;
      keep(socket);
    });
    server.on("connect", (asking: IncomingMessage, client: Socket) => {
      asked.push(`CONNECT ${asking.url}`);
      client.on("error", () => client.destroy());
      if (behaviour.silent) return;
      const status = isAllowed(asking, behaviour) ? (behaviour.status ?? 200) : 407;
      if (status !== 200) {
        client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const [host, port] = (asking.url ?? "").split(":");
      const target = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(target).pipe(client);
      });
      keep(target);
    });
    server.on("request", (asking, answer) => {
      asked.push(`${asking.method} ${asking.url?.split("?")[0]}`);
      if (!isAllowed(asking, behaviour)) {
        answer.writeHead(407).end();
        return;
      }
      const { "proxy-authorization": _, ...headers } = asking.headers;
      const forwarded = request(asking.url ?? "", { method: asking.method, headers }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      });
      forwarded.on("error", () => answer.destroy());
      asking.pipe(forwarded);
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    running.push({ server, sockets });
    const { port } = server.address() as AddressInfo;
    return { host: `127.0.0.1:${port}`, asked, connections: () => connections };
  };
}

function isAllowed({ headers }: IncomingMessage, { credentials }: ProxyBehaviour): boolean {
  if (credentials === undefined) return true;
  return headers["proxy-authorization"] === `Basic ${Buffer.from(credentials).toString("base64")}`;
}
