/** NO_PROXY: the hosts that are reached without the proxy, as curl reads it. https://everything.curl.dev/usingcurl/proxies/env.html */
import { BlockList, isIP } from "node:net";

export interface ProxyTarget {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Entries stand between commas or spaces: `*`; a name, which holds for all names below it, with or without a dot before it;
 * an address or a block of them (`10.0.0.0/8`); each with a port where only that one is meant.
 */
export function bypassesProxy(noProxy: string, { host, port }: ProxyTarget): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return noProxy
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => entry === "*" || matches(entry.toLowerCase(), name, port));
}

function matches(entry: string, name: string, port: number): boolean {
  const [, bracketed, plain = "", wanted] = /^(?:\[([^\]]*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && Number(wanted) !== port) return false;
  const pattern = bracketed ?? plain;
  if (isIP(name) !== 0) return holdsAddress(pattern, name);
  const suffix = pattern.replace(/^\*?\./, "").replace(/\.$/, "");
  return suffix !== "" && (name === suffix || name.endsWith(`.${suffix}`));
}

function holdsAddress(pattern: string, address: string): boolean {
  const [network = "", bits] = pattern.split("/");
  const family = isIP(network);
  if (family === 0) return false;
  const width = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(prefix <= width)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family === 4 ? "ipv4" : "ipv6");
  return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}
