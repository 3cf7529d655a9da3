/** Whose figures these are. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Rivals } from "./contestants.ts";

export function versionsOf({ aws, rclone, s5cmd }: Rivals): string {
  const installed = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
  return [
    `Node ${process.versions.node} with OpenSSL ${process.versions.openssl}`,
    firstLine(aws, "--version").replace(/ .*/, "").replace("/", " "),
    firstLine(rclone, "version").replace(" v", " "),
    `s5cmd ${firstLine(s5cmd, "version").replace(/^v|-.*/g, "")}`,
    `lib-storage ${installed("@aws-sdk/lib-storage")}`,
  ].join(", ");
}

function firstLine(program: string, argument: string): string {
  return execFileSync(program, [argument], { encoding: "utf8" }).split("\n")[0] ?? "";
}
