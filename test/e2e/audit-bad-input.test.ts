/** What an audit says when it cannot begin: three lines, and the exit code of the kind. */
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runAudit } from "../support/audit-runtime.ts";
import { useSandbox } from "../support/running-sandbox.ts";

const running = useSandbox();
/** Takes a port and is gone again, so that nobody answers there. */
let dead = "";

beforeAll(async () => {
  const server: Server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  dead = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => useEnvironment(awsOf()));
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  vi.unstubAllEnvs();
});

type Environment = Readonly<Record<string, string | undefined>>;

function awsOf(): Environment {
  const { S3UP_ENDPOINT: _, ...aws } = running.sandbox.env;
  return {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
    AWS_CONFIG_FILE: "/nowhere",
    ...aws,
  };
}

/** The SDK looks for keys in the environment of the process. */
function useEnvironment(environment: Environment): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

interface Bad {
  readonly words: readonly string[] | (() => readonly string[]);
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: () => Environment;
  readonly exitCode: number;
  /** The beginning of each line. */
  readonly says: readonly [message: string, why: string, next: string];
}

const config = (audit: object) => ({ "s3up.config.json": JSON.stringify({ audit }) });
const snapshot = (facets: object) => ({ "s.json": JSON.stringify({ v: 1, bucket: "drop", facets }) });

describe("three lines and an exit code", () => {
  test.for<readonly [sentence: string, bad: Bad]>([
    [
      "nothing to audit",
      {
        words: [],
        exitCode: 2,
        says: ["s3up audit needs a bucket.", "The command line names nothing", "Name one or more"],
      },
    ],
    [
      "a bucket that is not there",
      {
        words: ["not-there"],
        exitCode: 3,
        says: ["The bucket not-there does not exist.", "S3 answered 404 NoSuchBucket", "Check its name"],
      },
    ],
    [
      "a name that is none",
      {
        words: ["no_name!"],
        exitCode: 2,
        says: ['The argument cannot be "no_name!".', "That is no name", "Names have 3 to 63"],
      },
    ],
    [
      "a key instead of a bucket",
      {
        words: ["s3://drop/uploads/a"],
        exitCode: 2,
        says: [
          'The argument cannot be "s3://drop/uploads/a".',
          "It names more than a bucket.",
          "Write the bucket alone",
        ],
      },
    ],
    [
      "no credentials",
      {
        words: ["drop"],
        environment: () => ({ ...awsOf(), AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }),
        exitCode: 4,
        says: ["There are no AWS credentials to sign with.", "Could not load credentials", "Set AWS_ACCESS_KEY_ID"],
      },
    ],
    [
      "a wrong secret",
      {
        words: ["drop"],
        environment: () => ({ ...awsOf(), AWS_SECRET_ACCESS_KEY: "wrong" }),
        exitCode: 4,
        says: [
          "S3 refused GetPublicAccessBlock on s3://drop.",
          "The signature does not match",
          "Check the secret access key",
        ],
      },
    ],
    [
      "a server that is not there",
      {
        words: () => ["drop", "--endpoint-url", dead, "--max-attempts", "1"],
        exitCode: 3,
        says: ["S3 could not be reached.", "", "Check --endpoint-url"],
      },
    ],
    [
      "an endpoint alone that is not there",
      {
        words: () => ["--endpoint", `${dead}/presign`],
        exitCode: 3,
        says: ["The endpoint 127.0.0.1", "Nothing answers at this address.", "Check --endpoint"],
      },
    ],
    [
      "a rule that is misspelt",
      {
        words: ["drop", "--rule", "tls-onyl"],
        exitCode: 2,
        says: ['There is no rule "tls-onyl".', "Rules are named by their ids.", "Did you mean tls-only?"],
      },
    ],
    [
      "the beginning of a rule",
      {
        words: ["--explain-rule", "tls"],
        exitCode: 2,
        says: ['There is no rule "tls".', "Rules are named by their ids.", "Did you mean tls-only?"],
      },
    ],
    [
      "every rule taken away",
      {
        words: ["drop", "--rule", "tls-only", "--skip", "tls-only"],
        exitCode: 2,
        says: ["No rule is left to run.", "--skip takes away", "Leave one"],
      },
    ],
    [
      "an origin without its scheme",
      {
        words: ["drop", "--origin", "app.example.com"],
        exitCode: 2,
        says: ['"app.example.com" is no web origin.', "An origin is a scheme", "Write it as the browser sends it"],
      },
    ],
    [
      "a threshold that is none",
      {
        words: ["drop", "--fail-on", "hihg"],
        exitCode: 2,
        says: ['--fail-on cannot be "hihg".', "That is none of the choices.", "Choose one of: critical"],
      },
    ],
    [
      "a format that is none",
      {
        words: ["drop", "-o", "sarf=x"],
        exitCode: 2,
        says: ['--output cannot be "sarf=x".', 'There is no format "sarf".', "The formats are: human"],
      },
    ],
    [
      "all buckets and one",
      {
        words: ["drop", "--all"],
        exitCode: 2,
        says: ["--all and the bucket drop cannot be used together.", "--all means every bucket", "Leave one"],
      },
    ],
    [
      "a principal that is none",
      {
        words: ["drop", "--trust", "alice"],
        exitCode: 2,
        says: ['--trust cannot be "alice".', "That is neither an account nor a principal.", "Write 12 digits"],
      },
    ],
    [
      "an option that there is not",
      {
        words: ["--stack", "p.json"],
        exitCode: 2,
        says: ["Unknown option --stack.", "s3up audit has no such option.", "See"],
      },
    ],
    [
      "a plan that is not there",
      { words: ["--plan", "p.json"], exitCode: 2, says: ["There is no file p.json.", "", ""] },
    ],
    [
      "a snapshot that is not there",
      { words: ["--snapshot", "s.json"], exitCode: 2, says: ["There is no file s.json.", "", ""] },
    ],
    [
      "a snapshot that is no JSON",
      {
        words: ["--snapshot", "s.json"],
        files: { "s.json": "{" },
        exitCode: 2,
        says: ["The snapshot s.json cannot be used.", "", "Write it with"],
      },
    ],
    [
      "a facet that is misspelt",
      {
        words: ["--snapshot", "s.json"],
        files: snapshot({ polcy: {} }),
        exitCode: 2,
        says: ["The snapshot s.json cannot be used.", "facets.polcy: ", "Write it with"],
      },
    ],
    [
      "a facet of another shape",
      {
        words: ["--snapshot", "s.json"],
        files: snapshot({ cors: [{ AllowedOrigins: "*" }] }),
        exitCode: 2,
        says: [
          "The snapshot s.json cannot be used.",
          "facets.cors[0].AllowedOrigins: should be a list (line 1,",
          "Write it with",
        ],
      },
    ],
    [
      "a bucket that is not in the snapshot",
      {
        words: ["other", "--snapshot", "s.json"],
        files: snapshot({}),
        exitCode: 3,
        says: ["There is no bucket other in s.json.", "It has drop.", "Name one of them"],
      },
    ],
    [
      "a setting that is misspelt",
      {
        words: ["drop"],
        files: config({ prefx: "uploads/" }),
        exitCode: 2,
        says: ["s3up.config.json cannot be used.", 'There is no setting "audit.prefx".', "The settings of audit are: "],
      },
    ],
    [
      "a setting of another kind",
      {
        words: ["drop"],
        files: config({ mode: "ftp" }),
        exitCode: 2,
        says: ["s3up.config.json cannot be used.", '"audit.mode" should be', "The settings of audit are: "],
      },
    ],
    [
      "a suppression without a reason",
      {
        words: ["drop"],
        files: config({ suppressions: [{ rule: "tls-only" }] }),
        exitCode: 2,
        says: [
          "s3up.config.json cannot be used.",
          '"audit.suppressions.0.reason" is missing.',
          "The settings of a suppression",
        ],
      },
    ],
    [
      "a suppression with an empty reason",
      {
        words: ["drop"],
        files: config({ suppressions: [{ rule: "tls-only", reason: "" }] }),
        exitCode: 2,
        says: [
          "s3up.config.json cannot be used.",
          '"audit.suppressions.0.reason" is empty.',
          "The settings of a suppression",
        ],
      },
    ],
    [
      "a suppression of a rule that is not there",
      {
        words: ["drop"],
        files: config({ suppressions: [{ rule: "tls", reason: "r" }] }),
        exitCode: 2,
        says: [
          "Suppression 1 in s3up.config.json cannot be used.",
          'There is no rule "tls".',
          "s3up audit --list-rules",
        ],
      },
    ],
    [
      "a suppression until a day that is none",
      {
        words: ["drop"],
        files: config({ suppressions: [{ rule: "tls-only", reason: "r", expires: "soon" }] }),
        exitCode: 2,
        says: ["Suppression 1 in s3up.config.json cannot be used.", '"soon" is no day.', "Write the last day"],
      },
    ],
    [
      "a baseline that is none",
      {
        words: ["drop", "--baseline", "b.json"],
        files: { "b.json": "{}" },
        exitCode: 2,
        says: ["b.json cannot be used as a baseline.", "It has no", "Write it anew with --write-baseline."],
      },
    ],
  ])("%s", async ([, { words, files = {}, environment, exitCode, says }]) => {
    if (environment !== undefined) useEnvironment(environment());
    const given = typeof words === "function" ? words() : words;
    const ran = await runAudit(given, { environment: environment?.() ?? awsOf(), files });
    const lines = ran.stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const [index, line] of lines.entries()) {
      expect(line.replace(/^(Error: | {2})/, "")).toMatch(new RegExp(`^${escaped(says[index] ?? "")}`));
    }
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stdout).toBe("");
  });
});

describe("what is no error", () => {
  test("a bucket in another region than the one that was named is found where it is", async () => {
    const { exitCode, stdout } = await runAudit(["drop", "--region", "eu-west-1", "--rule", "bpa-complete", "--json"], {
      environment: awsOf(),
    });
    expect(JSON.parse(stdout).buckets[0].results[0].status).toBe("pass");
    expect(exitCode).toBe(0);
  });

  test("a bucket of another account is a finding, and what it does not show stays unknown", async () => {
    const environment = { ...awsOf(), AWS_ACCOUNT_ID: "999999999999" };
    useEnvironment(environment);
    const { exitCode, stdout } = await runAudit(["drop", "--json"], { environment });
    const statuses = Object.fromEntries(
      JSON.parse(stdout).buckets[0].results.map(({ rule, status }: Record<string, string>) => [rule, status]),
    );
    expect(statuses).toMatchObject({ "bucket-owned": "fail", "tls-only": "unknown", "bpa-complete": "unknown" });
    expect(exitCode).toBe(5);
  });
});

test.for([["--json"], ["--format", "json"], ["--format=json"]])("with %s an error is one line of it", async (words) => {
  const { exitCode, lines, stderr } = await runAudit(["not-there", ...words], { environment: awsOf() });
  expect(lines).toEqual([expect.objectContaining({ type: "error", code: "BUCKET_NOT_FOUND", exitCode: 3 })]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(3);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
