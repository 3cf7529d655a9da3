import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { deadAddress, useServer } from "../support/foreign-servers.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

type Environment = Readonly<Record<string, string>>;

const started = useSandbox();
const small = useSandbox({
  presignLimits: { MAX_SIZE: "4", MULTIPART_THRESHOLD: "4", ALLOWED_CONTENT_TYPES: "image/*" },
});
const gateway404 = useServer(404, "application/json", '{"message":"Not Found"}');
const page = useServer(200, "text/html", "<!doctype html><title>Welcome</title>");
const proxy = useServer(502, "text/html", "<html><body>Bad gateway</body></html>");
const directory = useTemporaryDirectory();

let dead: string;
let aws: Environment;

beforeAll(async () => {
  dead = await deadAddress();
  aws = withCredentials(started.sandbox);
});

beforeEach(async () => {
  await writeFile(join(directory(), "f.txt"), "hello");
  await writeFile(join(directory(), "s.txt"), "abc");
  await mkdir(join(directory(), "folder"));
});

/** What happened, why, what to do: the last three lines of stderr. */
async function failureOf(line: string, env: Environment) {
  const ran = await s3up([...line.split(" "), "--quiet"], { cwd: directory(), env });
  const [, what = "", why = "", next = ""] = /^Error: (.+)\n {2}(.+)\n {2}(.+)\n$/.exec(ran.stderr) ?? [];
  expect(
    [what, why, next].every((text) => text !== ""),
    ran.stderr,
  ).toBe(true);
  expect(ran.stdout).toBe("");
  return { exitCode: ran.exitCode, what, next: `${why} ${next}` };
}

interface Row {
  readonly line: string;
  readonly env?: () => Environment;
  readonly exitCode: number;
  readonly what: string | RegExp;
  /** In the second or third line. */
  readonly next: string | RegExp;
}

describe("the command line", () => {
  test.for<Row>([
    { line: "put f.txt s3://drop/k --bogus", exitCode: 2, what: "Unknown option --bogus.", next: "s3up put --help" },
    {
      line: "put f.txt s3://drop/k --regoin x",
      exitCode: 2,
      what: "Unknown option --regoin.",
      next: "Did you mean --region?",
    },
    { line: "putt f.txt", exitCode: 2, what: "Unknown command putt.", next: "Did you mean put?" },
    { line: "put", exitCode: 2, what: "s3up put needs <file>.", next: "s3up put --help" },
    { line: "put f.txt", exitCode: 2, what: "It is not said where the upload goes.", next: "--endpoint" },
    { line: "put none.txt s3://drop/k", exitCode: 2, what: "There is no file none.txt.", next: "Check the path" },
    {
      line: "put folder s3://drop/k",
      exitCode: 2,
      what: "folder is a directory.",
      next: "Name the files in it, or add --recursive",
    },
    {
      line: "put f.txt s3://drop/k --part-size 8x",
      exitCode: 2,
      what: '--part-size cannot be "8x".',
      next: "such as 16MiB",
    },
    {
      line: "put f.txt s3://drop/k --part-size 1KiB",
      exitCode: 2,
      what: '--part-size cannot be "1KiB".',
      next: "such as 16MiB",
    },
    { line: "put - s3://drop/in/", exitCode: 2, what: /needs a key/, next: "Write the whole key" },
    { line: "put - --endpoint https://e.test/presign", exitCode: 2, what: /Stdin can only/, next: "exact length" },
    { line: "put f.txt --endpoint http://example.com/presign", exitCode: 2, what: /plain HTTP/, next: "https://" },
    { line: "put f.txt --manifest f.txt", exitCode: 2, what: "f.txt is not an upload manifest.", next: "--multipart" },
    { line: "put f.txt --url https://drop.s3.test/k", exitCode: 2, what: /carries no signature/, next: "quotes" },
    {
      line: "put f.txt s3://drop/k --upload-id x --restart",
      exitCode: 2,
      what: "--upload-id and --restart cannot be used together.",
      next: "Leave one of them out.",
    },
    {
      line: "put f.txt s3://drop/k --no-resume --upload-id x",
      exitCode: 2,
      what: "--upload-id cannot be used with --no-resume.",
      next: "Leave one of them out.",
    },
    {
      line: "put f.txt s3://drop/k --no-resume --on-failure keep",
      exitCode: 2,
      what: "--on-failure keep cannot be used with --no-resume.",
      next: "nothing is saved",
    },
    {
      line: "put f.txt s3://drop/k --on-failure stop",
      exitCode: 2,
      what: '--on-failure cannot be "stop".',
      next: "Choose one of: keep, abort.",
    },
    {
      line: "put f.txt --endpoint https://e.test/presign --upload-id x",
      exitCode: 2,
      what: "--upload-id needs AWS credentials.",
      next: "the same command goes on by itself",
    },
    {
      line: "put f.txt s.txt s3://drop/in/ --upload-id x",
      exitCode: 2,
      what: "--upload-id takes one file.",
      next: "one",
    },
    {
      line: "put f.txt s3://drop/k --upload-id nowhere",
      exitCode: 3,
      what: "The multipart upload of s3://drop/k does not exist any more.",
      next: "s3up uploads list s3://drop/k",
    },
    { line: "uploads", exitCode: 2, what: "s3up uploads needs <action>.", next: "s3up uploads --help" },
    { line: "uploads abort", exitCode: 2, what: "It is not said which uploads to abort.", next: "--upload-id" },
    { line: "uploads remove s3://drop", exitCode: 2, what: /cannot be "remove"/, next: "Choose one of: list, abort." },
    { line: "uploads list drop", exitCode: 2, what: '"drop" names no bucket.', next: "s3://bucket/key" },
    { line: "uploads list s3://nobody", exitCode: 3, what: /nobody/, next: "bucket" },
    {
      line: "uploads abort --upload-id x",
      exitCode: 2,
      what: "This machine knows of no upload x.",
      next: "s3up uploads",
    },
    { line: "presign", exitCode: 2, what: "There is nothing to presign.", next: "s3://bucket/key" },
    { line: "presign s3://drop/k --expires-in 8d", exitCode: 2, what: /691200 seconds/, next: "seven days" },
    { line: "presign s3://drop/k --expires-in soon", exitCode: 2, what: /cannot be "soon"/, next: "15m" },
    {
      line: "presign s3://drop/k --file folder",
      exitCode: 2,
      what: "folder is a directory.",
      next: "Name the files in it, or add --recursive",
    },
    { line: "explain none.txt", exitCode: 2, what: "There is no file none.txt.", next: "Check the path" },
    { line: "explain f.txt", exitCode: 2, what: "There is no signed URL in f.txt.", next: "in quotes" },
    {
      line: "put f.txt s3://drop/k --config none.json",
      exitCode: 2,
      what: "There is no file none.json.",
      next: "Check the path",
    },
    {
      line: "put f.txt s3://drop/k --config f.txt",
      exitCode: 2,
      what: "f.txt cannot be used.",
      next: "It is not JSON.",
    },
  ])("s3up $line", async ({ line, exitCode, what, next }) => {
    const failure = await failureOf(line, { ...aws, AWS_MAX_ATTEMPTS: "1" });
    expect(failure.exitCode).toBe(exitCode);
    expect(failure.what).toMatch(what);
    expect(failure.next).toMatch(next);
  });
});

describe("credentials, region and bucket", () => {
  const put = "put f.txt s3://drop/k --max-attempts 1";
  const without = (...names: readonly string[]) =>
    Object.fromEntries(Object.entries(aws).filter(([name]) => !names.includes(name)));

  test.for<[string, Row]>([
    [
      "no region",
      {
        line: put,
        env: () => without("AWS_REGION", "AWS_ENDPOINT_URL_S3"),
        exitCode: 2,
        what: /which region drop is/,
        next: "--region",
      },
    ],
    [
      "no credentials",
      {
        line: put,
        env: () => without("AWS_ACCESS_KEY_ID"),
        exitCode: 4,
        what: "There are no AWS credentials to sign with.",
        next: "AWS_ACCESS_KEY_ID",
      },
    ],
    [
      "a profile that is not there",
      {
        line: `${put} --profile nope`,
        env: () => aws,
        exitCode: 4,
        what: "There are no AWS credentials to sign with.",
        next: "--profile",
      },
    ],
    [
      "a wrong secret",
      {
        line: put,
        env: () => ({ ...aws, AWS_SECRET_ACCESS_KEY: "wrong-secret-of-forty-characters-0123456" }),
        exitCode: 4,
        what: /S3 refused/,
        next: "secret",
      },
    ],
    [
      "an unknown key",
      {
        line: put,
        env: () => ({ ...aws, AWS_ACCESS_KEY_ID: "AKIANOBODYKNOWSTHIS0" }),
        exitCode: 4,
        what: /S3 refused/,
        next: "access key id",
      },
    ],
    [
      "an expired session",
      {
        line: put,
        env: () => ({
          ...aws,
          AWS_SESSION_TOKEN: "a-session-token-0",
          AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z",
        }),
        exitCode: 4,
        what: "The AWS credentials have expired.",
        next: "Sign in again",
      },
    ],
    [
      "a bucket that is not there",
      {
        line: "put f.txt s3://no-such-bucket/k --max-attempts 1",
        env: () => aws,
        exitCode: 3,
        what: "The bucket no-such-bucket does not exist.",
        next: "Check its name",
      },
    ],
    [
      "a server that is not there",
      {
        line: put,
        env: () => ({ ...aws, AWS_ENDPOINT_URL_S3: dead }),
        exitCode: 3,
        what: /could not be sent/,
        next: "Check the address",
      },
    ],
    [
      "a server that is no S3",
      {
        line: put,
        env: () => ({ ...aws, AWS_ENDPOINT_URL_S3: page() }),
        exitCode: 3,
        what: /confirmed the file in a way that cannot be believed/,
        next: "no ETag",
      },
    ],
    [
      "an address that is none",
      {
        line: put,
        env: () => ({ ...aws, AWS_ENDPOINT_URL_S3: "localhost:9000" }),
        exitCode: 2,
        what: /no address of an S3 server/,
        next: "AWS_ENDPOINT_URL_S3",
      },
    ],
    [
      "certificates that are not there",
      { line: put, env: () => ({ ...aws, AWS_CA_BUNDLE: "none.pem" }), exitCode: 2, what: /none\.pem/, next: "path" },
    ],
  ])("%s", async ([, { line, env, exitCode, what, next }]) => {
    const failure = await failureOf(line, env?.() ?? {});
    expect(failure).toMatchObject({ exitCode });
    expect(failure.what).toMatch(what);
    expect(failure.next).toMatch(next);
  });

  test("an object that exists, with --no-overwrite", async () => {
    const line = "put f.txt s3://drop/there --no-overwrite";
    expect(await s3up(line.split(" "), { cwd: directory(), env: aws })).toMatchObject({ exitCode: 0 });
    expect(await failureOf(line, aws)).toMatchObject({ exitCode: 6, what: "s3://drop/there already exists." });
  });
});

describe("the endpoint", () => {
  const put = "put f.txt --max-attempts 1";
  test.for<[string, Row]>([
    [
      "is not there",
      {
        line: put,
        env: () => ({ S3UP_ENDPOINT: `${dead}/presign` }),
        exitCode: 3,
        what: /127\.0\.0\.1/,
        next: /[Cc]heck/,
      },
    ],
    [
      "is another route of the gateway",
      {
        line: put,
        env: () => ({ S3UP_ENDPOINT: gateway404() }),
        exitCode: 3,
        what: /127\.0\.0\.1/,
        next: "end in /presign",
      },
    ],
    [
      "is a web page",
      {
        line: put,
        env: () => ({ S3UP_ENDPOINT: page() }),
        exitCode: 3,
        what: /127\.0\.0\.1/,
        next: "a login page or a proxy",
      },
    ],
    [
      "is behind a proxy that fails",
      {
        line: put,
        env: () => ({ S3UP_ENDPOINT: proxy() }),
        exitCode: 3,
        what: /127\.0\.0\.1/,
        next: "end in /presign",
      },
    ],
    [
      "takes smaller files only",
      {
        line: "put f.txt --content-type image/png",
        env: () => withEndpoint(small.sandbox),
        exitCode: 2,
        what: /too large/,
        next: "at most 4",
      },
    ],
    [
      "takes other types only",
      {
        line: "put s.txt",
        env: () => withEndpoint(small.sandbox),
        exitCode: 4,
        what: /does not take s\.txt as text\/plain/,
        next: "It accepts: image/*",
      },
    ],
    [
      "wants a token from a command that fails",
      {
        line: `${put} --token-command false`,
        env: () => withEndpoint(started.sandbox),
        exitCode: 4,
        what: "The token command gave no token.",
        next: "--token-command",
      },
    ],
  ])("%s", async ([, { line, env, exitCode, what, next }]) => {
    const failure = await failureOf(line, env?.() ?? {});
    expect(failure).toMatchObject({ exitCode });
    expect(failure.what).toMatch(what);
    expect(failure.next).toMatch(next);
  });
});

test("with --json a failure is one line with the version", async () => {
  const ran = await s3up(["put", "none.txt", "s3://drop/k", "--json"], { cwd: directory(), env: aws });
  expect(ran).toMatchObject({ exitCode: 2, stderr: "" });
  expect(JSON.parse(ran.stdout)).toMatchObject({ v: 1, type: "error", code: "FILE_NOT_FOUND", exitCode: 2 });
});

test("with --debug the causes are shown, and still no signature", async () => {
  const env = { ...aws, AWS_ENDPOINT_URL_S3: dead };
  const ran = await s3up(["put", "f.txt", "s3://drop/k", "--max-attempts", "1", "--debug"], { cwd: directory(), env });
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toContain("caused by ");
});
