import { type RequestListener, request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./loopback-certificate.ts";

/** TLS before a plain server on loopback: what arrives goes on as it is, the name of the host included. */
export async function startTlsFront(
  origin: string,
  certificate: Certificate,
): Promise<{ readonly origin: string; readonly host: string; close(): void }> {
  const server: Server = createServer(certificate, forwardTo(origin));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `https://${host}`,
    host,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Sends what arrives on as it is. */
export function forwardTo(origin: string): RequestListener {
  const { hostname, port } = new URL(origin);
  return (asking, answer) => {
    const { method, url: path, headers } = asking;
    const onwards = request({ hostname, port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onwards.on("error", () => answer.destroy());
    asking.pipe(onwards);
  };
}
