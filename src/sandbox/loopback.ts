/** Both halves of the sandbox are for this machine alone: where they listen, and for whom they answer. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { S3upError } from "../errors.ts";

/** Only this address is bound: no other machine can reach it, whatever a firewall does. */
export const LOOPBACK = "127.0.0.1";

/**
 * @param port 0 for any free one
 * @returns the port that was bound
 * @throws S3upError NETWORK when the port is taken or may not be used
 */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      resolve();
    });
  }).catch((error: NodeJS.ErrnoException) => {
    throw unusable(port, error);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Whether the Host header names this machine. A page on the internet can point its own name at 127.0.0.1 and would then
 * be of the same origin as the sandbox (DNS rebinding); its name in the header gives it away.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|\[::1\]|([a-z0-9.-]+\.)?localhost)(:\d{1,5})?$/i.test(host ?? "");
}

/** Pages that were served from this machine, on any port. */
export function isLoopbackOrigin(origin: string): boolean {
  return /^https?:\/\//i.test(origin) && isLoopbackHost(origin.replace(/^https?:\/\//i, ""));
}

function unusable(port: number, error: NodeJS.ErrnoException): unknown {
  if (error.code === "EADDRINUSE") {
    return new S3upError("NETWORK", `The sandbox cannot use port ${port}.`, {
      why: "Another program already listens on it; it may be a sandbox that still runs.",
      hint: "Stop that program, or choose another port: --port 0 takes any free one.",
      cause: error,
    });
  }
  if (error.code === "EACCES") {
    return new S3upError("NETWORK", `The sandbox cannot use port ${port}.`, {
      why: "The system does not let this user open it.",
      hint: "Choose a port from 1024 on, or --port 0 for any free one.",
      cause: error,
    });
  }
  return error;
}
