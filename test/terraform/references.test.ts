/** How a reference leads to its bucket, by plans that hold one bucket more than the one that is meant. */
import { describe, expect, test } from "vitest";
import { createTerraformReader } from "../../src/terraform/reader.ts";

const reader = createTerraformReader({ list: async () => [], read: async () => undefined });

interface Written {
  readonly resources?: readonly object[];
  readonly module_calls?: Readonly<Record<string, object>>;
  readonly outputs?: Readonly<Record<string, object>>;
}

const provider = "terraform.example/hashicorp/aws";
const names = (address: string) => {
  const [, type = "", name = "", key] = /([\w]+)\.([\w-]+)(?:\[("?)([^\]"]*)\3\])?$/.exec(address) ?? [];
  return { type, name, key };
};

function created(address: string, after: object, unknown: object, index?: string | number) {
  const { type, name } = names(address);
  const module = address.includes("module.") ? address.slice(0, address.lastIndexOf(`.${type}.`)) : undefined;
  return {
    address,
    ...(module === undefined ? {} : { module_address: module }),
    mode: "managed",
    type,
    name,
    ...(index === undefined ? {} : { index }),
    provider_name: provider,
    change: { actions: ["create"], before: null, after, after_unknown: unknown },
  };
}

const bucket = (address: string, name: string, index?: string | number) =>
  created(address, { bucket: name }, { id: true }, index);
const versioning = (address: string, index?: string | number) =>
  created(address, { versioning_configuration: [{ status: "Enabled" }] }, { bucket: true, id: true }, index);

const config = (address: string, expressions: object, more: object = {}) => ({ address, expressions, ...more });
const refer = (...references: readonly string[]) => ({ bucket: { references } });

/** The buckets whose versioning is enabled for certain. */
function versioned(changes: readonly object[], root: Written): readonly string[] {
  const text = JSON.stringify({
    format_version: "1.2",
    resource_changes: changes,
    configuration: { root_module: root },
  });
  const { snapshots } = reader.read(text, "plan.json", { functionName: undefined, role: undefined });
  return snapshots.flatMap(({ bucket: name, facets: { versioning: state } }) =>
    state.state === "present" ? [name] : [],
  );
}

const two = [bucket("aws_s3_bucket.a", "a"), bucket("aws_s3_bucket.b", "b")];
const one = versioning("aws_s3_bucket_versioning.v");

describe("a companion is the bucket's that its expression leads to", () => {
  test.for([
    ["an attribute", refer("aws_s3_bucket.b.id", "aws_s3_bucket.b"), ["b"]],
    ["the whole resource", refer("aws_s3_bucket.b"), ["b"]],
    ["a name that only begins alike", refer("aws_s3_bucket.b.bucket", "aws_s3_bucket.b", "var.a"), ["b"]],
    ["two candidates", refer("aws_s3_bucket.a.id", "aws_s3_bucket.a", "aws_s3_bucket.b.id", "aws_s3_bucket.b"), []],
    [
      "a candidate that is not in the plan",
      refer("aws_s3_bucket.gone[0].id", "aws_s3_bucket.gone[0]", "aws_s3_bucket.b.id"),
      ["b"],
    ],
    ["a local, beside one that is told", refer("local.x", "aws_s3_bucket.b.id", "aws_s3_bucket.b"), ["b"]],
    ["a local alone, with two buckets near", refer("local.x"), []],
    ["a constant", { bucket: { constant_value: "b" } }, ["b"]],
    ["nothing", {}, []],
    ["itself", refer("aws_s3_bucket_versioning.v.id"), []],
  ] as const)("%s", ([, expressions, expected]) => {
    const root = { resources: [config("aws_s3_bucket_versioning.v", expressions)] };
    expect(versioned([...two, one], root)).toEqual(expected);
  });

  test("by the key of for_each, with dots and brackets in it", () => {
    const keys = ["a.b", 'q"[0]'];
    const changes = keys.flatMap((key) => [
      bucket(`aws_s3_bucket.a[${JSON.stringify(key)}]`, `bucket-${keys.indexOf(key)}`, key),
    ]);
    for (const change of changes) Object.assign(change, { type: "aws_s3_bucket", name: "a" });
    const companion = {
      ...versioning("aws_s3_bucket_versioning.v"),
      index: keys[1],
      address: `aws_s3_bucket_versioning.v[${JSON.stringify(keys[1])}]`,
    };
    const written = config("aws_s3_bucket_versioning.v", refer("aws_s3_bucket.a", "each.key"), {
      for_each_expression: { references: ["var.x"] },
    });
    expect(versioned([...changes, companion], { resources: [written] })).toEqual(["bucket-1"]);
  });

  test("through a variable of a module that is called for each", () => {
    const changes = [
      bucket('aws_s3_bucket.a["x"]', "bucket-x", "x"),
      bucket('aws_s3_bucket.a["y"]', "bucket-y", "y"),
      versioning('module.m["y"].aws_s3_bucket_versioning.v'),
    ];
    for (const change of changes.slice(0, 2)) Object.assign(change, { type: "aws_s3_bucket", name: "a" });
    Object.assign(changes[2] ?? {}, { module_address: 'module.m["y"]' });
    const root: Written = {
      module_calls: {
        m: {
          expressions: { name: { references: ["each.value.id", "each.value"] } },
          for_each_expression: { references: ["aws_s3_bucket.a"] },
          module: { resources: [config("aws_s3_bucket_versioning.v", refer("var.name"))] },
        },
      },
    };
    expect(versioned(changes, root)).toEqual(["bucket-y"]);
  });

  test("modules that lead round in circles end", () => {
    const call = {
      expressions: { name: { references: ["module.m.out", "module.m"] } },
      module: { outputs: { out: { expression: { references: ["var.name"] } } } },
    };
    const root: Written = {
      resources: [config("aws_s3_bucket_versioning.v", refer("module.m.out", "module.m"))],
      module_calls: { m: call },
    };
    const inside = created("module.m.aws_s3_bucket.z", { bucket: "z" }, {});
    expect(versioned([...two, inside, one], root)).toEqual([]);
  });
});
