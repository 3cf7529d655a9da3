/** A host's name as a URL writes it, as a socket takes it and as TLS asks for it. */
import { isIP } from "node:net";

/** Without the brackets that a URL puts around an IPv6 address. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Empty for an address: only names are asked for (RFC 6066, 3). */
export function tlsServerName(host: string): string {
  return isIP(host) === 0 ? host : "";
}
