/** An endpoint that asks for a token, and a program that prints one, against the built program. */
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { s3up } from "../support/built-program.ts";
import { bodyOf, useLoopbackServers } from "../support/loopback-server.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const started = useSandbox();
const serve = useLoopbackServers();
const directory = useTemporaryDirectory();

/** A gateway before the sandbox's endpoint that lets this one token through. */
async function gatewayFor(token: string) {
  const seen: (string | undefined)[] = [];
  const { origin } = await serve(async (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request.headers.authorization);
    const body = await bodyOf(request);
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { "content-type": "application/json" }).end('{"message":"Unauthorized"}');
      return;
    }
    const answer = await fetch(new URL(request.url ?? "", started.sandbox.presign), {
      method: request.method ?? "GET",
      headers: { "content-type": "application/json" },
      ...(body.length === 0 ? {} : { body }),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  return { endpoint: `${origin}/presign`, seen };
}

/** Prints token-1 the first time, token-2 the second. */
async function tokenCommand() {
  const runs = join(directory(), "runs");
  await writeFile(join(directory(), "a.txt"), "alpha");
  return { command: `echo run >> '${runs}'; echo token-$(wc -l < '${runs}' | tr -d ' ')`, runs };
}

async function runsOf(path: string): Promise<number> {
  return (await readFile(path, "utf8")).trimEnd().split("\n").length;
}

test("the command gives the token", async () => {
  const { endpoint, seen } = await gatewayFor("token-1");
  const { command, runs } = await tokenCommand();
  const ran = await s3up(["put", "a.txt", "--endpoint", endpoint, "--token-command", command], { cwd: directory() });
  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/-a\.txt\t5\tcrc32:/) });
  expect(new Set(seen)).toEqual(new Set(["Bearer token-1"]));
  expect(await runsOf(runs)).toBe(1);
});

test("a token that is refused is asked for once more", async () => {
  const { endpoint, seen } = await gatewayFor("token-2");
  const { command, runs } = await tokenCommand();
  const ran = await s3up(["put", "a.txt", "--endpoint", endpoint], {
    cwd: directory(),
    env: { S3UP_TOKEN_COMMAND: command },
  });
  expect(ran.exitCode).toBe(0);
  expect(seen.slice(0, 2)).toEqual(["Bearer token-1", "Bearer token-2"]);
  expect(seen.slice(2)).not.toContain("Bearer token-1");
  expect(await runsOf(runs)).toBe(2);
});

test("tokens that stay refused end it with 4, and none of them is shown", async () => {
  const { endpoint } = await gatewayFor("another");
  const { command, runs } = await tokenCommand();
  const ran = await s3up(["put", "a.txt", "--endpoint", endpoint, "--token-command", command], { cwd: directory() });
  expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
  expect(ran.stderr.trimEnd().split("\n")).toHaveLength(3);
  expect(ran.stderr).not.toContain("token-2");
  expect(await runsOf(runs)).toBe(2);
});
