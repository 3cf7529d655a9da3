/**
 * Which proxy a request goes through: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in small letters or capital ones,
 * the small ones first, as curl and the AWS CLI have it. This machine itself is no exception unless NO_PROXY names it.
 */
import { S3upError } from "../errors.ts";
import { bareHost } from "./host-name.ts";
import { bypassesProxy, type ProxyTarget } from "./no-proxy.ts";

export interface ProxyServer {
  /** Host and port, for people. Its user and password are in `authorization` alone. */
  readonly name: string;
  /** True: TLS to the proxy itself. */
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Value of `proxy-authorization`. */
  readonly authorization: string | undefined;
  /** The variable that names it. */
  readonly variable: string;
}

export interface RoutedTarget extends ProxyTarget {
  readonly secure: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined: straight to the target. @throws S3upError CONFIG_INVALID for a variable that names no usable proxy */
export type ChooseProxy = (target: RoutedTarget) => ProxyServer | undefined;

export function proxiesOf(environment: Environment): ChooseProxy {
  const read = (name: string) => settingOf(name, environment);
  const noProxy = read("NO_PROXY")?.text ?? "";
  const named = { secure: read("HTTPS_PROXY") ?? read("ALL_PROXY"), plain: read("HTTP_PROXY") ?? read("ALL_PROXY") };

  return (target) => {
    const setting = target.secure ? named.secure : named.plain;
    if (setting === undefined || bypassesProxy(noProxy, target)) return undefined;
    return parseProxy(setting.text, setting.variable);
  };
}

/** False: there is nothing to choose from. */
export function namesProxy(environment: Environment): boolean {
  return ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].some((name) => settingOf(name, environment) !== undefined);
}

function settingOf(name: string, environment: Environment) {
  return [name.toLowerCase(), name]
    .map((variable) => ({ variable, text: environment[variable]?.trim() ?? "" }))
    .find(({ text }) => text !== "");
}

function parseProxy(text: string, variable: string): ProxyServer {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") throw unusable(variable, url);
  const secure = url.protocol === "https:";
  const host = bareHost(url.hostname);
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return {
    name: `${url.hostname}:${port}`,
    secure,
    host,
    port,
    authorization: authorizationOf(url, variable),
    variable,
  };
}

function authorizationOf(url: URL, variable: string): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  try {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return `Basic ${Buffer.from(pair).toString("base64")}`;
  } catch {
    throw unusable(variable, undefined);
  }
}

/** The value may hold a password, so that no part of it but its scheme is shown. */
function unusable(variable: string, url: URL | undefined): S3upError {
  const scheme = url?.protocol.replace(":", "");
  return new S3upError("CONFIG_INVALID", `${variable} names no proxy that s3up can use.`, {
    why:
      scheme === undefined || /^https?$/.test(scheme)
        ? "Its value is no address of a proxy."
        : `s3up speaks HTTP and HTTPS with a proxy, not ${scheme}.`,
    hint: "Write it as http://host:port, with %40 for an @ in a password; or name the host in NO_PROXY.",
  });
}
