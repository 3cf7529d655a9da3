/** A way through a proxy to one host and port: CONNECT (RFC 9110, 9.3.6), and what it means when the proxy refuses. */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { S3upError } from "../errors.ts";
import type { ProxyTarget } from "./no-proxy.ts";
import type { ProxyServer } from "./proxy-choice.ts";

export interface TunnelOptions {
  /** PEM, for a proxy that speaks TLS. */
  readonly certificates: string | undefined;
  readonly timeoutMs: number;
}

/**
 * Bytes written to the socket arrive at the target, as if there were no proxy.
 * @throws S3upError NETWORK when the proxy refuses for good; any other error may be gone at the next try
 */
export function openTunnel(proxy: ProxyServer, target: ProxyTarget, options: TunnelOptions): Promise<Socket> {
  const address = addressOf(target);
  const request = (proxy.secure ? https : http).request({
    agent: false,
    method: "CONNECT",
    host: proxy.host,
    port: proxy.port,
    path: address,
    headers: { host: address, ...authorizationOf(proxy) },
    ...(options.certificates === undefined ? {} : { ca: options.certificates }),
  });
  const timer = setTimeout(
    () => request.destroy(Object.assign(new Error("no answer within the connect timeout"), { code: "ETIMEDOUT" })),
    options.timeoutMs,
  );
  return new Promise<Socket>((resolve, reject) => {
    request.on("error", (error) => reject(viaProxy(error, proxy)));
    request.on("connect", (answer, socket, head) => {
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        if (head.byteLength > 0) socket.unshift(head);
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      reject(refusalOf(status, answer.statusMessage, proxy, address));
    });
    request.end();
  }).finally(() => clearTimeout(timer));
}

export function authorizationOf({ authorization }: ProxyServer): Readonly<Record<string, string>> {
  return authorization === undefined ? {} : { "proxy-authorization": authorization };
}

/** The error, with a sentence that names the proxy: the host that was asked for has nothing to do with it. */
export function viaProxy<E extends Error>(error: E, proxy: ProxyServer): E {
  const code = "code" in error ? ` (${String(error.code)})` : "";
  return Object.assign(error, { proxyDetail: `The proxy ${proxy.name} could not be reached${code}.` });
}

/** @param address of the host that was asked for */
export function proxyRefused(
  status: number,
  proxy: Pick<ProxyServer, "name" | "variable">,
  address: string,
): S3upError {
  const wantsCredentials = status === 407;
  return new S3upError("NETWORK", `The proxy ${proxy.name} refused the way to ${address}.`, {
    why: wantsCredentials
      ? "It answered 407: it wants a user and a password, or other ones."
      : `It answered ${status} to CONNECT.`,
    hint: wantsCredentials
      ? `Write them into ${proxy.variable}, as http://user:password@${proxy.name}, or name the host in NO_PROXY.`
      : `Ask whoever runs the proxy to allow it, check ${proxy.variable}, or name the host in NO_PROXY.`,
  });
}

/** What the gateway could not do now it may do later; what it does not want it never does. */
function refusalOf(status: number, text: string | undefined, proxy: ProxyServer, address: string): Error {
  if (status < 500 && status !== 408 && status !== 429) return proxyRefused(status, proxy, address);
  const said = /^[ -~]{1,60}$/.test(text ?? "") ? ` ${text}` : "";
  const proxyDetail = `The proxy ${proxy.name} answered ${status}${said} when it was asked for ${address}.`;
  return Object.assign(new Error(proxyDetail), { code: "EPROXY", proxyDetail });
}

function addressOf({ host, port }: ProxyTarget): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
