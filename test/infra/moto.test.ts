/** The whole of `infra`, applied to moto: nothing is left to change, the audit finds nothing, and uploads go through. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { startFunction } from "../support/deployed-function.ts";
import { appOrigin, deployedShape } from "../support/deployed-shape.ts";
import { gatewayEvent, jwtAuthorizer } from "../support/gateway-events.ts";
import { audit, auditAll, moto, motoEnvironment, suffix, whenMoto } from "./moto-account.ts";
import {
  changesIn,
  initWords,
  providers,
  type StateResource,
  stateOf,
  type Terraform,
  terraformIn,
  whenTerraform,
} from "./terraform.ts";

const bucket = `acme-uploads-${suffix}`;
const name = `presign-${suffix}`;
const patienceMs = 600_000;

/** What moto accepts and does not give back, so that every plan wants to set it again. */
const drift = [
  "module.api.aws_lambda_function.presign: update",
  "module.bucket.aws_s3_bucket_notification.this[0]: update",
  "module.site[0].aws_cloudfront_distribution.site: update",
];

const settings = [
  ["bucket_name", bucket],
  ["name", name],
  ["allowed_origins", JSON.stringify([appOrigin])],
  ["authorization", "JWT"],
  ["jwt", '{issuer="https://login.example.com",audience=["uploads"]}'],
  ["site", "{}"],
  ["force_destroy", "true"],
].map(([variable, value]) => `-var=${variable}=${value}`);

describe.runIf(providers !== undefined && moto !== undefined)(`infra on moto ${whenTerraform} ${whenMoto}`, () => {
  let terraform: Terraform;
  let state: readonly StateResource[];

  beforeAll(async () => {
    terraform = terraformIn("infra", ".", motoEnvironment());
    await terraform.terraform(...initWords());
    await terraform.terraform("plan", "-input=false", "-no-color", "-out=first.tfplan", ...settings);
    await terraform.terraform("apply", "-input=false", "-no-color", "first.tfplan");
    state = await stateOf(terraform);
  }, patienceMs);

  afterAll(() => terraform?.remove());

  const valuesOf = (address: string) => state.find((resource) => resource.address === address)?.values;
  const output = async (path: string) => JSON.parse(await terraform.terraform("output", "-json", path));

  test(
    "a second plan wants nothing but what moto does not give back",
    async () => {
      expect(await changesIn(terraform, ...settings)).toEqual(drift);
    },
    patienceMs,
  );

  test("the audit that the outputs name finds nothing, and leaves no question open", async () => {
    const { audit: line } = await output("next");
    const [program, command, ...words] = line.split(" ");
    expect([program, command]).toEqual(["s3up", "audit"]);
    expect(await audit(...words)).toMatchObject({ exitCode: 0, failed: [], unknown: [], suppressed: [] });
  });

  // They take no uploads. A log of the log would never end, and a page's files are public anyway.
  test.for(["logs", "site"])("the bucket of the %s lacks nothing but a log of its own", async (kind) => {
    expect(await audit(`${bucket}-${kind}`)).toMatchObject({ exitCode: 0, failed: ["logging"], unknown: [] });
  });

  test("the audit of the state finds nothing in any bucket, but for what the configuration gives a reason for", async () => {
    const { plan: line } = await output("next");
    const [show, command] = line.split(" && ");
    expect(show).toBe("terraform show -json > state.json");
    await writeFile(join(terraform.folder, "state.json"), await terraform.terraform("show", "-json"));
    const words = command.split(" ").slice(2);
    const { exitCode, buckets } = await auditAll(words, terraform.folder);
    expect(exitCode).toBe(0);
    const nothing = { failed: [], unknown: [] };
    const excused = { ...nothing, suppressed: ["cors-present", "logging"] };
    expect(buckets.toSorted((one, other) => one.bucket.length - other.bucket.length)).toMatchObject([
      { ...nothing, bucket, suppressed: [] },
      { ...excused, bucket: expect.stringMatching(/-(logs|site)$/) },
      { ...excused, bucket: expect.stringMatching(/-(logs|site)$/) },
    ]);
    // The file that Terraform itself keeps says the same.
    const state = ["--plan", join(terraform.folder, "terraform.tfstate")];
    const raw = await auditAll([...words.slice(0, -2), ...state], terraform.folder);
    expect(raw).toEqual({ exitCode, buckets });
  });

  test("what is live does not differ from the state", async () => {
    const { audit: line } = await output("next");
    const state = ["--plan", join(terraform.folder, "terraform.tfstate")];
    expect(await audit(...line.split(" ").slice(2), ...state)).toMatchObject({ exitCode: 0, failed: [], unknown: [] });
  });

  test(
    "the audit of a plan knows everything before anything exists, and finds nothing",
    async () => {
      const planned = terraformIn("infra", ".", motoEnvironment());
      const withoutPage = settings.filter((word) => !word.startsWith("-var=site="));
      await planned.terraform(...initWords());
      await planned.terraform("plan", "-input=false", "-no-color", "-out=new.tfplan", ...withoutPage);
      await writeFile(join(planned.folder, "plan.json"), await planned.terraform("show", "-json", "new.tfplan"));
      const words = ["--prefix", "uploads/", "--origin", appOrigin, "--plan", "plan.json", "--source", "."];
      const { exitCode, buckets } = await auditAll(words, planned.folder);
      planned.remove();
      expect(exitCode).toBe(0);
      expect(buckets.map(({ failed, unknown }) => ({ failed, unknown }))).toEqual([
        { failed: [], unknown: [] },
        { failed: [], unknown: [] },
      ]);
    },
    patienceMs,
  );

  test("no secret stands in the state", async () => {
    const { environment } = valuesOf("module.api.aws_lambda_function.presign");
    expect(Object.keys(environment[0].variables)).not.toContain("TOKEN_SECRET");
  });

  test("routes, CORS and settings are those that the tests without Terraform go by", () => {
    const routes = state.filter(({ type }) => type === "aws_apigatewayv2_route").map(({ values }) => values.route_key);
    const { allow_credentials: _, ...cors } = valuesOf("module.api.aws_apigatewayv2_api.presign").cors_configuration[0];
    const { BUCKET, TOKEN_KEY, ...environment } = valuesOf("module.api.aws_lambda_function.presign").environment[0]
      .variables;
    const [rule] = valuesOf("module.bucket.aws_s3_bucket_cors_configuration.this[0]").cors_rule;
    const ownOrigin = valuesOf("module.site[0].aws_cloudfront_distribution.site").domain_name;
    const withoutPage = (origins: readonly string[]) => origins.filter((origin) => origin !== `https://${ownOrigin}`);

    expect([BUCKET, TOKEN_KEY]).toEqual([bucket, valuesOf("module.api.aws_kms_key.token[0]").arn]);
    expect({
      routes: routes.toSorted(),
      cors: { ...cors, allow_origins: withoutPage(cors.allow_origins) },
      environment,
      bucketCors: {
        AllowedOrigins: withoutPage(rule.allowed_origins),
        AllowedMethods: rule.allowed_methods,
        AllowedHeaders: rule.allowed_headers,
        ExposeHeaders: rule.expose_headers,
        MaxAgeSeconds: rule.max_age_seconds,
      },
    }).toEqual(deployedShape);
    expect(rule.allowed_origins).toContain(`https://${ownOrigin}`);
  });

  test("the function runs with its deployed settings, and its tokens are signed with the key that was made", async () => {
    const { variables } = valuesOf("module.api.aws_lambda_function.presign").environment[0];
    const sandbox = await startSandbox({ now: () => new Date(), random: Math.random, bucket });
    const start = () =>
      startFunction({ ...variables, ...sandbox.env, AWS_ENDPOINT_URL_KMS: moto?.account.endpoint ?? "" });
    const [one, other] = [await start(), await start()];
    const authorizer = jwtAuthorizer("user-1");
    const wish = { v: 1, fileName: "a.bin", contentType: "video/mp4", size: 20 * 1024 ** 2 };
    try {
      const created = await one.invoke(gatewayEvent({ path: "/presign/multipart", authorizer, body: wish }));
      expect(created.statusCode).toBe(201);
      const { uploadToken } = JSON.parse(created.body);
      const listing = gatewayEvent({ path: "/presign/multipart/list", authorizer, body: { uploadToken } });
      expect((await other.invoke(listing)).statusCode).toBe(200);
    } finally {
      await Promise.all([one.close(), other.close(), sandbox.close()]);
    }
  });

  test(
    "destroy takes everything away",
    async () => {
      await terraform.terraform("destroy", "-input=false", "-no-color", "-auto-approve", ...settings);
      expect(await stateOf(terraform)).toEqual([]);
      const answer = await fetch(`${moto?.account.endpoint}/${bucket}`, { method: "HEAD" });
      expect(answer.status).toBe(404);
    },
    patienceMs,
  );
});
