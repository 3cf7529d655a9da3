/** A door before the S3 of a sandbox: it stays shut for a while, or throws out whoever comes in. */

import type { AddressInfo } from "node:net";
import { createServer, connect as openConnection, type Socket } from "node:net";
import type { Stage } from "./scenario.ts";

/** Nothing listens at the program's S3 address for so long. */
export function listenLater(milliseconds: number): (stage: Stage) => Promise<void> {
  return async (stage) => {
    const gate = await openGate(stage, 0);
    const port = await gate.close();
    stage.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${port}`;
    const timer = Number.isFinite(milliseconds) ? setTimeout(() => void gate.listen(port), milliseconds) : undefined;
    stage.after(() => clearTimeout(timer));
    stage.repair(() => gate.listen(port));
  };
}

/** So many connections are reset before a byte is read. */
export function refuseConnections(count: number): (stage: Stage) => Promise<void> {
  return async (stage) => {
    const gate = await openGate(stage, count);
    stage.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${gate.port}`;
  };
}

interface Gate {
  readonly port: number;
  listen(port: number): Promise<void>;
  /** @returns the port that it had */
  close(): Promise<number>;
}

async function openGate({ sandbox, after }: Stage, toRefuse: number): Promise<Gate> {
  const target = Number(new URL(sandbox.s3).port);
  const sockets = new Set<Socket>();
  let left = toRefuse;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (left > 0) {
      left -= 1;
      socket.resetAndDestroy();
      return;
    }
    const inner = openConnection(target, "127.0.0.1");
    for (const end of [socket, inner]) {
      sockets.add(end);
      end.on("error", () => undefined).on("close", () => sockets.delete(end));
    }
    socket.pipe(inner).pipe(socket);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      if (server.listening) resolve();
      else server.listen(port, "127.0.0.1", resolve);
    });
  const close = () => {
    const port = (server.address() as AddressInfo | null)?.port ?? 0;
    for (const socket of sockets) socket.destroy();
    return new Promise<number>((resolve) => server.close(() => resolve(port)));
  };
  await listen(0);
  after(async () => void (await close()));
  return { port: (server.address() as AddressInfo).port, listen, close };
}
