/** What `import`, `removed` and a deleted resource make of a plan; made by hand after Terraform's "JSON Output Format". */
import { describe, expect, test } from "vitest";
import { auditedText } from "../support/terraform-cases.ts";

const lifecycleRule = {
  bucket: "drop",
  rule: [
    { id: "a", status: "Enabled", filter: [{}], abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }] },
  ],
};

interface Change {
  readonly actions: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly importing?: { readonly id: string };
}

const entry = (type: string, { actions, before = null, after = null, ...rest }: Change) => ({
  address: `${type}.b`,
  mode: "managed",
  type,
  name: "b",
  provider_name: "registry.terraform.io/hashicorp/aws",
  change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...rest },
});

const audit = (...resource_changes: readonly object[]) =>
  auditedText(JSON.stringify({ format_version: "1.2", planned_values: { root_module: {} }, resource_changes }));

const kept = { before: { bucket: "drop" }, after: { bucket: "drop" } };

async function lifecycleOf(bucket: Change, lifecycle: Change) {
  const { buckets } = await audit(
    entry("aws_s3_bucket", bucket),
    entry("aws_s3_bucket_lifecycle_configuration", lifecycle),
  );
  return buckets[0]?.results.find(({ rule }) => rule === "lifecycle-abort-mpu");
}

describe("the lifecycle of a bucket", () => {
  test("that the plan deletes fails where it stood, and the text says so", async () => {
    const found = await lifecycleOf({ actions: ["no-op"], ...kept }, { actions: ["delete"], before: lifecycleRule });
    expect([found?.status, found?.address]).toEqual(["fail", "aws_s3_bucket_lifecycle_configuration.b"]);
    expect(found?.message).toContain("The plan deletes aws_s3_bucket_lifecycle_configuration.b.");
  });

  test("that Terraform only forgets stays as it is", async () => {
    const found = await lifecycleOf({ actions: ["no-op"], ...kept }, { actions: ["forget"], before: lifecycleRule });
    expect([found?.status, found?.message.includes("deletes")]).toEqual(["pass", false]);
  });

  test("that is imported is judged as it will be", async () => {
    const found = await lifecycleOf(
      { actions: ["no-op"], ...kept, importing: { id: "drop" } },
      { actions: ["no-op"], before: lifecycleRule, after: lifecycleRule, importing: { id: "drop" } },
    );
    expect(found?.status).toBe("pass");
  });
});

test("a bucket that a removed block forgets is not audited, and that is said", async () => {
  const { buckets, stderr } = await audit(entry("aws_s3_bucket", { actions: ["forget"], before: { bucket: "drop" } }));
  expect(buckets).toEqual([]);
  expect(stderr).toContain("Not audited, as they will be gone or no longer managed: aws_s3_bucket.b.");
});
