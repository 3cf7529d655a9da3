/** Who is measured, and the command line of each. All speak to one address, with the same key, in path style. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { credentials } from "./credentials.ts";
import type { Machinery } from "./machinery.ts";
import type { CommandLine } from "./measured.ts";

/** What is to be done: a file or a folder, sent to the bucket `bench` at this origin. */
export interface Work {
  readonly path: string;
  readonly origin: string;
}

export type Contestant = (work: Work) => CommandLine;

export interface Rivals {
  readonly aws: string;
  readonly rclone: string;
  readonly s5cmd: string;
}

const program = fileURLToPath(new URL("../../bin/s3up.js", import.meta.url));

/** Requests at a time of those clients that have to be told. */
export const concurrency = 8;
/** Small files at a time, for a comparison of like with like. */
export const filesAtATime = 16;
const partSize = 16 * 1024 ** 2;

/** Those on PATH, else installed into the cache. */
export function findRivals(): Rivals {
  const script = fileURLToPath(new URL("install.sh", import.meta.url));
  const [aws = "", rclone = "", s5cmd = ""] = execFileSync(script, { encoding: "utf8" }).trim().split("\n");
  return { aws, rclone, s5cmd };
}

export function createContestants(rivals: Rivals, machinery: Machinery) {
  const { certificate } = machinery;
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: machinery.folder,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...(certificate === ""
      ? {}
      : { AWS_CA_BUNDLE: certificate, SSL_CERT_FILE: certificate, NODE_EXTRA_CA_CERTS: certificate }),
  };
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...withoutKeys } = env;
  const run = (...command: readonly string[]): CommandLine => ({ command, env });
  const node = (client: string, ...args: readonly string[]) => run(process.execPath, machinery.client(client), ...args);
  const s3up = (...args: readonly string[]) => run(process.execPath, program, ...args);
  const rclone = ({ origin }: Work, ...args: readonly string[]) =>
    run(
      rivals.rclone,
      ...args,
      "--config",
      "/dev/null",
      "--s3-provider",
      "Other",
      "--s3-env-auth",
      "--s3-region",
      "us-east-1",
      "--s3-endpoint",
      origin,
    );
  const rcloneTuned = [
    "--s3-chunk-size",
    "16M",
    "--s3-upload-concurrency",
    String(concurrency),
    "--s3-disable-checksum",
  ];

  return {
    /** Files. */
    file: {
      s3up: ({ path, origin }) => s3up("put", path, "s3://bench/s3up", "--endpoint-url", origin),
      "aws-cli": ({ path, origin }) =>
        run(rivals.aws, "s3", "cp", path, "s3://bench/aws", "--endpoint-url", origin, "--no-progress"),
      "lib-storage": ({ path, origin }) => node("lib-storage", path, origin),
      rclone: (work) => rclone(work, "copyto", work.path, ":s3:bench/rclone"),
      "rclone, tuned": (work) => rclone(work, "copyto", work.path, ":s3:bench/rclone-tuned", ...rcloneTuned),
      s5cmd: ({ path, origin }) => run(rivals.s5cmd, "--endpoint-url", origin, "cp", path, "s3://bench/s5cmd"),
      "s5cmd, tuned": ({ path, origin }) =>
        run(
          rivals.s5cmd,
          "--endpoint-url",
          origin,
          "cp",
          "--concurrency",
          String(concurrency),
          "--part-size",
          "16",
          path,
          "s3://bench/s5cmd-tuned",
        ),
      ceiling: ({ path, origin }) => node("ceiling", path, origin, String(partSize), String(concurrency)),
    },
    /** Folders of small files. */
    folder: {
      s3up: ({ path, origin }) => s3up("put", "--recursive", path, "s3://bench/s3up/", "--endpoint-url", origin),
      "aws-cli": ({ path, origin }) =>
        run(rivals.aws, "s3", "cp", path, "s3://bench/aws/", "--recursive", "--endpoint-url", origin, "--no-progress"),
      "s3up, 16 at a time": ({ path, origin }) =>
        s3up("put", "--recursive", path, "s3://bench/s3up-16/", "--endpoint-url", origin, "-c", String(filesAtATime)),
      "PutObject, 16 at a time": ({ path, origin }) => node("put-objects", path, origin, String(filesAtATime)),
      rclone: (work) => rclone(work, "copy", work.path, ":s3:bench/rclone"),
      s5cmd: ({ path, origin }) => run(rivals.s5cmd, "--endpoint-url", origin, "cp", `${path}/*`, "s3://bench/s5cmd/"),
    },
    presign: {
      s3up: () => s3up("presign", "s3://bench/key"),
      "aws-cli": () => run(rivals.aws, "s3", "presign", "s3://bench/key"),
      "node -e 0": () => run(process.execPath, "-e", "0"),
    },
    /** Without any credentials: whoever signs is asked. */
    viaEndpoint:
      (endpoint: string): Contestant =>
      ({ path }) => ({ ...s3up("put", path, "--endpoint", endpoint), env: withoutKeys }),
  } as const satisfies Record<string, Readonly<Record<string, Contestant>> | ((endpoint: string) => Contestant)>;
}
