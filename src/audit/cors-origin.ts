/**
 * Which origins a pattern of a CORS configuration admits. S3 compares as text: a pattern has at most one `*`, which stands for
 * any characters, dots and slashes included. Source: S3 User Guide, "Elements of a CORS configuration", AllowedOrigin.
 */
import { hasOwner } from "./registrable-domain.ts";

/** Whether S3 finds the text in the pattern. Origins and methods compare with case. */
export function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const start = pattern.slice(0, star);
  const end = pattern.slice(star + 1);
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

/** Why pages of strangers fit the pattern; undefined where only one owner's do. Reads after "the origin … ". */
export function whyForAnyone(pattern: string): string | undefined {
  if (pattern === "*") return "is every website";
  if (pattern === "null") return "is what every page can be by putting itself into a sandboxed frame";
  const star = pattern.indexOf("*");
  if (star < 0) return undefined;
  const after = pattern.slice(star + 1);
  if (isWildcardPort(pattern, star)) return undefined;
  if (after.includes("://")) return after.endsWith("://") ? "is every website" : undefined;
  const [host = ""] = after.split(":");
  if (host === "") return "has a host whose end anyone can choose";
  // what stands before the first dot is the end of a label that the wildcard begins
  const dot = host.indexOf(".");
  const owned = dot < 0 ? "" : host.slice(dot + 1);
  return hasOwner(owned) ? undefined : "has a wildcard where anyone can register a name";
}

/** `https://app.example.com:*`: the host is whole, only the port is open. */
function isWildcardPort(pattern: string, star: number): boolean {
  return star === pattern.length - 1 && /^[a-z][a-z0-9+.-]*:\/\/[^/*:]+:\*$/i.test(pattern);
}

export type OriginWeakness = "null" | "plain-http" | "loopback" | "subdomains";

/** What is weak about a pattern that does name an owner. */
export function weaknessOf(pattern: string): OriginWeakness | undefined {
  if (pattern === "null") return "null";
  const scheme = /^([a-z*]*):\/\//i.exec(pattern)?.[1];
  const mayBePlain = scheme === undefined ? pattern.includes("*") : fits(scheme.toLowerCase(), "http");
  if (mayBePlain) return isLoopback(pattern) ? "loopback" : "plain-http";
  const star = pattern.indexOf("*");
  return star < 0 || isWildcardPort(pattern, star) ? undefined : "subdomains";
}

/** Names and addresses that never leave the visitor's own machine. */
function isLoopback(pattern: string): boolean {
  return /^[a-z*]+:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9.-]+\.localhost)(:(\d+|\*))?$/i.test(pattern);
}

/** An origin that the pattern admits, for asking what the rules answer. */
export function exampleOrigin(pattern: string): string {
  return pattern === "*" ? "https://any.example" : pattern.replace("*", "x");
}
