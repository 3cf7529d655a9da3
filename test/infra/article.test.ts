/** The stack as articles show it, applied to moto: the audit names each layer that is open. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lambdaZip } from "../support/deployed-function.ts";
import { audit, moto, motoEnvironment, whenMoto } from "./moto-account.ts";
import { initWords, providers, stateOf, type Terraform, terraformIn, whenTerraform } from "./terraform.ts";

const patienceMs = 600_000;
const zip = `-var=lambda_zip=${lambdaZip}`;
const words = ["article-uploads", "--origin", "https://app.example.com", "--function", "article-presign"];

describe.runIf(providers !== undefined && moto !== undefined)(
  `the article's stack ${whenTerraform} ${whenMoto}`,
  () => {
    let terraform: Terraform;

    beforeAll(async () => {
      terraform = terraformIn("test/infra/article", ".", motoEnvironment());
      await terraform.terraform(...initWords());
      await terraform.terraform("plan", "-input=false", "-no-color", "-out=first.tfplan", zip);
      await writeFile(join(terraform.folder, "plan.json"), await terraform.terraform("show", "-json", "first.tfplan"));
      await terraform.terraform("apply", "-input=false", "-no-color", "first.tfplan");
    }, patienceMs);

    afterAll(() => terraform?.remove());

    test("has a finding in each of the five layers, and beyond them", async () => {
      const { exitCode, layers, failed } = await audit(...words);
      expect(exitCode).toBe(1);
      expect(layers.map(String).toSorted()).toEqual(["1", "2", "3", "4", "5", "extra"]);
      expect(failed).toEqual(
        expect.arrayContaining([
          "short-lived-urls",
          "presign-max-age",
          "role-scope",
          "function-public",
          "public-policy",
          "bpa-complete",
          "no-overwrite",
          "cors-wildcard-origin",
          "cors-methods",
          "cors-etag",
          "cors-api",
          "tls-only",
          "lifecycle-abort-mpu",
        ]),
      );
    });

    test("has the same findings in its plan", async () => {
      const live = await audit(...words);
      const planned = await audit("--origin", "https://app.example.com", "--plan", join(terraform.folder, "plan.json"));
      // What AWS does by default for a new bucket, and moto does not.
      const defaults = ["acls-disabled", "ssec-blocked"];
      expect(planned.failed).toEqual(live.failed.filter((rule) => !defaults.includes(rule)));
      expect(planned.unknown).toEqual([]);
    });

    test(
      "goes away again",
      async () => {
        await terraform.terraform("destroy", "-input=false", "-no-color", "-auto-approve", zip);
        expect(await stateOf(terraform)).toEqual([]);
      },
      patienceMs,
    );
  },
);
