import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { trustedCertificates } from "../../src/aws/certificates.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const file = (name: string) => join(directory(), name);

beforeEach(async () => {
  for (const name of ["usual", "dev", "named"]) await writeFile(file(name), `PEM of ${name}`);
  await writeFile(
    file("config"),
    `[default]\nca_bundle = ${file("usual")}\n[profile dev]\nca_bundle = ${file("dev")}\n[profile none]\nregion = a\n`,
  );
  vi.stubEnv("AWS_CONFIG_FILE", file("config"));
});

test.for<[string, string | undefined, Readonly<Record<string, string>>, string | undefined]>([
  ["the default profile's", undefined, {}, "PEM of usual"],
  ["those of the profile that was named", "dev", {}, "PEM of dev"],
  ["those of AWS_PROFILE", undefined, { AWS_PROFILE: "dev" }, "PEM of dev"],
  ["the usual ones where the profile names none", "none", {}, undefined],
  ["the usual ones of a profile that is not there", "nobody", { AWS_CA_BUNDLE: "" }, undefined],
])("%s are trusted", async ([, profile, environment, pem]) => {
  expect(await trustedCertificates(profile, environment)).toBe(pem);
});

test("AWS_CA_BUNDLE wins over every profile", async () => {
  expect(await trustedCertificates("dev", { AWS_CA_BUNDLE: file("named") })).toBe("PEM of named");
});

test("a bundle that is not there is said, with where its name came from", async () => {
  await expect(trustedCertificates(undefined, { AWS_CA_BUNDLE: "/nowhere.pem" })).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
    message: "The certificates in /nowhere.pem cannot be read.",
    why: "AWS_CA_BUNDLE, or ca_bundle in the AWS config file, names this file.",
  });
});
