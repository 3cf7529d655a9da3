/**
 * Names of findings that stay the same from run to run, whatever the order of statements, rules or buckets: a baseline and a
 * code-scanning page recognise a known finding by them.
 */
import { hash } from "node:crypto";

/** The same for the same bucket, rule and set of findings; 32 hexadecimal digits. */
export function fingerprintOf(bucket: string, rule: string, findings: readonly string[]): string {
  const found = [...new Set(findings.map(withoutPlace))].sort();
  return hash("sha256", JSON.stringify([bucket, rule, found]), "hex").slice(0, 32);
}

/** Where something stands in a list is no part of what it is: "statement 3" becomes "statement", `Statement[2]` too. */
function withoutPlace(finding: string): string {
  return finding.replace(/\b(statement|rule|grant)s? #?\d+\b/gi, "$1").replace(/\[\d+\]/g, "[]");
}
