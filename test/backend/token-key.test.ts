import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { withTokenSecrets } from "../../src/backend/token-key.ts";
import { aBackendSettings } from "../support/backend.ts";

const key = "arn:aws:kms:eu-central-1:123456789012:key/0000";
const mac = async (arn: string, text: string) => createHmac("sha256", arn).update(text).digest("base64url");
const settings = (generation: number) =>
  aBackendSettings({ TOKEN_SECRET: "", TOKEN_KEY: key, TOKEN_KEY_GENERATION: String(generation) });
const secrets = async (generation: number) => (await withTokenSecrets(settings(generation), mac)).tokenSecrets;

test("every start derives the same secret", async () => {
  expect(await secrets(1)).toHaveLength(1);
  expect(await secrets(1)).toEqual(await secrets(1));
});

test("a new generation signs with a new secret and still accepts the one before", async () => {
  const [first] = await secrets(1);
  const [second, ...older] = await secrets(2);
  expect(second).not.toBe(first);
  expect(older).toEqual([first]);
  expect((await secrets(3))[1]).toBe(second);
});

test("the secret is the same for ever: an upload that is under way goes on after an update of s3up", async () => {
  expect(await secrets(1)).toEqual([await mac(key, "s3up upload token, generation 1")]);
});

test("without a key nothing is asked and nothing changes", async () => {
  const plain = aBackendSettings();
  const refuse = async () => expect.unreachable();
  expect(await withTokenSecrets(plain, refuse)).toBe(plain);
});
