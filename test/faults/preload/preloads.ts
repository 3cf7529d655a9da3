/**
 * What is wrong with a machine and cannot be had without another machine: small modules that Node loads into the program
 * before anything else. The program itself is the built one, unchanged.
 */
import { fileURLToPath } from "node:url";
import type { Stage } from "../scenario.ts";

/** The first lookups of `host` fail, after so many that do not; the addresses of the sandbox get that name. */
export function failLookups(host: string, count: number, code: string, after = 0): (stage: Stage) => void {
  return (stage) => {
    const { env, sandbox } = stage;
    const atName = (address: string) => address.replace("127.0.0.1", host);
    if (env.S3UP_ENDPOINT !== undefined) env.S3UP_ENDPOINT = atName(sandbox.presign);
    else env.AWS_ENDPOINT_URL_S3 = atName(sandbox.s3);
    preload(stage, "failing-lookups.mjs", { host, count, code, after });
  };
}

/** Reads of the file fail from this byte on, as on a bad block. */
export function failReads(stage: Stage, from: number): void {
  preload(stage, "failing-reads.mjs", { from });
}

/** The program's clock differs from everybody else's. */
export function shiftClock(stage: Stage, milliseconds: number): void {
  preload(stage, "shifted-clock.mjs", { milliseconds });
}

function preload({ env, repair }: Stage, name: string, settings: object): void {
  const path = fileURLToPath(new URL(name, import.meta.url));
  env.NODE_OPTIONS = `--import=${path}`;
  env.FAULT_SETTINGS = JSON.stringify(settings);
  repair(() => {
    delete env.NODE_OPTIONS;
  });
}
