import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach } from "vitest";

export interface LoopbackServer {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** Connections that were ever opened. */
  readonly connections: () => number;
  /** Those that are open now. */
  readonly open: () => number;
}

export type Answerer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Starts servers that end with the test. */
export function useLoopbackServers(): (answer: Answerer) => Promise<LoopbackServer> {
  const running: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
  afterEach(async () => {
    for (const { server, sockets } of running.splice(0)) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  return async (answer) => {
    const server = createServer(answer as RequestListener);
    const sockets = new Set<Socket>();
    let connections = 0;
    server.on("connection", (socket) => {
      connections += 1;
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    running.push({ server, sockets });
    const { port } = server.address() as AddressInfo;
    return { origin: `http://127.0.0.1:${port}`, connections: () => connections, open: () => sockets.size };
  };
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
