/** The built program as a process of its own, with exactly the environment that is given. `npm test` builds it first. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

const program = fileURLToPath(new URL("../../bin/s3up.js", import.meta.url));
const built = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Besides PATH, an empty HOME and no instance role. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** True where a signature is the result, as in `s3up presign`. */
  readonly signsToStdout?: boolean;
  /** Sees the process as soon as it runs, for instance to interrupt it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs to the end; fails when a signature or a secret stands where none may. */
export async function s3up(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (!existsSync(built)) throw new Error("dist/ is missing: run npm run build first");
  const home = await mkdtemp(join(tmpdir(), "s3up-home-"));
  try {
    const { env = {}, cwd = home } = options;
    const ran = await run(process.execPath, [program, ...argv], {
      ...options,
      cwd,
      env: { PATH: process.env.PATH ?? "", HOME: home, AWS_EC2_METADATA_DISABLED: "true", ...env },
    });
    expectNoSecret(ran.stderr, env);
    if (!options.signsToStdout) expectNoSecret(ran.stdout, env);
    return ran;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What the other commands need to reach a sandbox with credentials, and what they need without. */
export function withCredentials({ env }: Sandbox): Readonly<Record<string, string>> {
  const { S3UP_ENDPOINT: _, ...aws } = env;
  return aws;
}

export function withEndpoint({ presign }: Sandbox): Readonly<Record<string, string>> {
  return { S3UP_ENDPOINT: presign };
}

export function run(command: string, argv: readonly string[], options: RunOptions): Promise<Ran> {
  const { env, cwd, input, onStart } = options;
  const child = spawn(command, argv, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  // A program that ends before it has read its input has told why in its exit code.
  child.stdin.on("error", () => {}).end(input);
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (exitCode) => resolve({ exitCode, ...text }));
  });
}

function expectNoSecret(text: string, env: Readonly<Record<string, string>>): void {
  expect(text).not.toMatch(/X-Amz-Signature=[0-9a-f]/i);
  expect(text).not.toMatch(/X-Amz-Security-Token=\w/i);
  expect(text).not.toMatch(/Signature=[0-9a-f]{16}/i);
  for (const name of ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "S3UP_TOKEN"]) {
    const secret = env[name];
    if (secret) expect(text).not.toContain(secret);
  }
}
