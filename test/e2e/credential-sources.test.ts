/** The built program with credentials as AWS's users have them; STS and the SSO portal are played on loopback. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { s3up, withCredentials } from "../support/built-program.ts";
import { bodyOf, useLoopbackServers } from "../support/loopback-server.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";
import { forwardTo } from "../support/tls-front.ts";

/** So small that S3 has read it before it refuses: a connection that breaks off would be another test. */
const content = randomBytes(1024);
const started = useSandbox();
const directory = useTemporaryDirectory();
const startServer = useLoopbackServers();

beforeEach(async () => {
  started.sandbox.faults.clear();
  await writeFile(join(directory(), "movie.bin"), content);
});

/** A home of its own, with these files below ~/.aws; no keys in the environment. */
async function homeWith(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const aws = join(directory(), "home", ".aws");
  await mkdir(join(aws, "sso", "cache"), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(aws, name), text);
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...rest } = withCredentials(started.sandbox);
  return { ...rest, HOME: join(directory(), "home"), AWS_EC2_METADATA_DISABLED: "true", ...env };
}

function put(env: Readonly<Record<string, string>>) {
  return s3up(["put", "movie.bin", "s3://drop/one", "--no-progress"], { cwd: directory(), env });
}

function fresh() {
  return started.sandbox.temporaryKeys(new Date(Date.now() + 3_600_000));
}

/** STS as far as roles are assumed; what it was asked for. */
async function startSts(keys = fresh) {
  const asked: URLSearchParams[] = [];
  const { origin } = await startServer(async (asking, answer) => {
    const form = new URLSearchParams((await bodyOf(asking)).toString());
    asked.push(form);
    const action = form.get("Action") ?? "";
    const { accessKeyId, secretAccessKey, sessionToken } = keys();
    answer.setHeader("content-type", "text/xml");
    answer.end(
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
        `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
        `<SessionToken>${sessionToken}</SessionToken>` +
        `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials>` +
        `<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/up/s</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser>` +
        `</${action}Result></${action}Response>`,
    );
  });
  return { origin, asked };
}

const base = "[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = secret\n";
const role = "role_arn = arn:aws:iam::111122223333:role/up\nsource_profile = base\nregion = us-east-1\n";

describe("a role", () => {
  test("is assumed with the keys of the profile that it names", async () => {
    const sts = await startSts();
    const env = await homeWith(
      { credentials: base, config: `[profile dev]\n${role}` },
      { AWS_PROFILE: "dev", AWS_ENDPOINT_URL_STS: sts.origin },
    );
    const ran = await put(env);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(sts.asked.map((form) => [form.get("Action"), form.get("RoleArn")])).toEqual([
      ["AssumeRole", "arn:aws:iam::111122223333:role/up"],
    ]);
  });

  test("is assumed anew when S3 says that its session has expired", async () => {
    const sessions = [() => started.sandbox.temporaryKeys(new Date(0)), fresh];
    const sts = await startSts(() => (sessions.shift() ?? fresh)());
    const env = await homeWith(
      { credentials: base, config: `[profile dev]\n${role}` },
      { AWS_PROFILE: "dev", AWS_ENDPOINT_URL_STS: sts.origin },
    );
    const ran = await put(env);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(sts.asked).toHaveLength(2);
  });

  test("is assumed with a web identity, as in a pod or a CI job", async () => {
    const sts = await startSts();
    const tokenFile = join(directory(), "token");
    await writeFile(tokenFile, "header.claims.signature");
    const env = await homeWith(
      {},
      {
        AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/up",
        AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
        AWS_ENDPOINT_URL_STS: sts.origin,
      },
    );
    const ran = await put(env);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(sts.asked[0]?.get("Action")).toBe("AssumeRoleWithWebIdentity");
    expect(sts.asked[0]?.get("WebIdentityToken")).toBe("header.claims.signature");
  });

  test("that needs a code of a device is an error that says so, and nobody waits for one", async () => {
    const sts = await startSts();
    const mfa = "mfa_serial = arn:aws:iam::111122223333:mfa/ada\n";
    const env = await homeWith(
      { credentials: base, config: `[profile dev]\n${role}${mfa}` },
      { AWS_PROFILE: "dev", AWS_ENDPOINT_URL_STS: sts.origin },
    );
    const ran = await put(env);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("The role of the profile can only be assumed with a code (MFA).");
    expect(ran.stderr).toContain("aws configure export-credentials");
    expect(sts.asked).toEqual([]);
  });
});

describe("single sign-on", () => {
  const config =
    "[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Uploader\nregion = us-east-1\n" +
    "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n";
  const cacheFile = `sso/cache/${createHash("sha1").update("corp").digest("hex")}.json`;
  const cached = (seconds: number) =>
    JSON.stringify({
      accessToken: "signed-in",
      expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
      region: "us-east-1",
      startUrl: "https://corp.awsapps.com/start",
    });

  async function startPortal() {
    const asked: (readonly [string | undefined, string | string[] | undefined])[] = [];
    const { origin } = await startServer((asking, answer) => {
      asked.push([asking.url, asking.headers["x-amz-sso_bearer_token"]]);
      const { accessKeyId, secretAccessKey, sessionToken } = fresh();
      answer.setHeader("content-type", "application/json");
      answer.end(
        JSON.stringify({
          roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: Date.now() + 3_600_000 },
        }),
      );
    });
    return { origin, asked };
  }

  test("gives a role's keys for the token that `aws sso login` left", async () => {
    const portal = await startPortal();
    const env = await homeWith(
      { config, [cacheFile]: cached(3_600) },
      { AWS_PROFILE: "corp", AWS_ENDPOINT_URL_SSO: portal.origin },
    );
    const ran = await put(env);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(portal.asked).toEqual([["/federation/credentials?account_id=111122223333&role_name=Uploader", "signed-in"]]);
  });

  test("whose token has expired is an error that names `aws sso login`", async () => {
    const portal = await startPortal();
    const env = await homeWith(
      { config, [cacheFile]: cached(-3_600) },
      { AWS_PROFILE: "corp", AWS_ENDPOINT_URL_SSO: portal.origin },
    );
    const ran = await put(env);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("aws sso login");
    expect(portal.asked).toEqual([]);
  });
});

test("a credentials file that somebody rotates is read anew when S3 says that its keys have expired", async () => {
  const file = ({ accessKeyId, secretAccessKey, sessionToken }: ReturnType<typeof fresh>) =>
    `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = ${sessionToken}\n`;
  const env = await homeWith({ credentials: file(started.sandbox.temporaryKeys(new Date(0))) });
  let requests = 0;
  // Before S3 sees the first request, the file has other keys.
  const { origin } = await startServer(async (asking, answer) => {
    requests += 1;
    if (requests === 1) await writeFile(join(directory(), "home", ".aws", "credentials"), file(fresh()));
    forwardTo(started.sandbox.s3)(asking, answer);
  });
  const ran = await put({ ...env, AWS_ENDPOINT_URL_S3: origin });
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(requests).toBe(2);
});

describe("addresses", () => {
  test("an endpoint with a path keeps it before bucket and key", async () => {
    const paths: string[] = [];
    const { origin } = await startServer(async (asking, answer) => {
      await bodyOf(asking);
      paths.push((asking.url ?? "").split("?")[0] ?? "");
      answer.setHeader("etag", '"0123456789abcdef0123456789abcdef"');
      answer.end();
    });
    const ran = await put({ ...withCredentials(started.sandbox), AWS_ENDPOINT_URL_S3: `${origin}/gateway/s3` });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(paths).toEqual(["/gateway/s3/drop/one"]);
  });

  test.for([
    ["my-bucket", "https://my-bucket.s3.eu-central-1.amazonaws.com/key"],
    ["my.dotted.bucket", "https://s3.eu-central-1.amazonaws.com/my.dotted.bucket/key"],
  ])("the certificate of S3 fits the host of %s", async ([bucket = "", address = ""]) => {
    const { AWS_ENDPOINT_URL_S3: _, ...env } = withCredentials(started.sandbox);
    const argv = ["presign", `s3://${bucket}/key`, "--region", "eu-central-1"];
    const ran = await s3up(argv, { cwd: directory(), env, signsToStdout: true });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.stdout.split("?")[0]).toBe(address);
  });
});
