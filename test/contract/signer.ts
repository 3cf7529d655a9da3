/** What every `Signer` promises. The real one and the fake of the backend's tests both pass it. */
import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import type { FormToSign, S3Request, Signer } from "../../src/signing/signer.ts";

export interface SignerUnderTest {
  /** Seconds that the credentials still live; undefined: for ever. */
  readonly credentialLife?: number;
}

const request: S3Request = {
  method: "PUT",
  bucket: "drop",
  key: "uploads/a b/ü(1)+&.png",
  query: { partNumber: "3", uploadId: "id/with+signs=" },
  headers: {
    "cache-control": "no-cache",
    "content-type": "image/png",
    "if-none-match": "*",
    "x-amz-checksum-sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "x-amz-meta-owner": "me",
  },
  contentLength: 7,
};

/** A dollar sign and a brace: what S3 fills in from the sender's file name. */
const variable = "$\u007bfilename}";

const form: FormToSign = {
  bucket: "drop",
  key: "uploads/a.png",
  fields: { "Content-Type": "image/png", "x-amz-meta-owner": "me" },
  minSize: 1,
  maxSize: 1024,
};

export function describeSigner(name: string, createSigner: (options: SignerUnderTest) => Promise<Signer>): void {
  describe(`${name} as a signer`, () => {
    test("signs every header, the length and the host as headers", async () => {
      const { url } = await (await createSigner({})).sign(request, 300);
      expect(queryOf(url)["X-Amz-SignedHeaders"]).toBe(
        "cache-control;content-length;content-type;host;if-none-match;x-amz-checksum-sha256;x-amz-meta-owner",
      );
    });

    test("does not sign a length that was not given", async () => {
      const { contentLength, ...unbounded } = request;
      const signed = await (await createSigner({})).sign(unbounded, 300);
      expect(queryOf(signed.url)["X-Amz-SignedHeaders"]).not.toContain("content-length");
      expect(signed).not.toHaveProperty("contentLength");
    });

    test("puts nothing into the query but what was asked for and the signature", async () => {
      const { url } = await (await createSigner({})).sign(request, 300);
      const names = Object.keys(queryOf(url)).filter((query) => !signatureNames.has(query));
      expect(names.toSorted()).toEqual(["partNumber", "uploadId"]);
    });

    test("keeps query values as they are", async () => {
      const { url } = await (await createSigner({})).sign(request, 300);
      expect(queryOf(url)).toMatchObject(request.query);
    });

    test("encodes the key once, slashes stay", async () => {
      const { url } = await (await createSigner({})).sign(request, 300);
      expect(url.split("?")[0]).toMatch(/\/uploads\/a%20b\/%C3%BC%281%29%2B%26\.png$/);
    });

    test("answers with exactly the headers that the sender must send", async () => {
      const signed = await (await createSigner({})).sign(request, 300);
      expect(signed).toMatchObject({ method: "PUT", headers: request.headers, contentLength: 7 });
      expect(Object.keys(signed.headers)).toHaveLength(Object.keys(request.headers).length);
    });

    test("leaves the request alone, so that it can be signed again", async () => {
      const signer = await createSigner({});
      const before = structuredClone(request);
      await signer.sign(request, 300);
      expect(request).toEqual(before);
    });

    test("answers with the life that was asked for", async () => {
      const signed = await (await createSigner({})).sign(request, 300);
      expect(signed.expiresIn).toBe(300);
      expect(queryOf(signed.url)["X-Amz-Expires"]).toBe("300");
    });

    test("cuts the life to that of the credentials", async () => {
      const signer = await createSigner({ credentialLife: 120 });
      expect(await signer.credentialLife()).toBe(120);
      expect((await signer.sign(request, 300)).expiresIn).toBe(120);
      expect((await signer.signForm(form, 300)).expiresIn).toBe(120);
    });

    test("knows when credentials live for ever", async () => {
      expect(await (await createSigner({})).credentialLife()).toBeUndefined();
    });

    test("refuses to sign with credentials that have expired", async () => {
      const signer = await createSigner({ credentialLife: 0 });
      await expect(signer.sign(request, 300)).rejects.toMatchObject({ code: "CREDENTIALS_EXPIRED" });
    });

    test.for([0, -1, 1.5, Number.NaN, 604_801])("refuses a life of %d seconds", async (seconds) => {
      const signer = await createSigner({});
      await expect(signer.sign(request, seconds)).rejects.toBeInstanceOf(S3upError);
      await expect(signer.signForm(form, seconds)).rejects.toMatchObject({ code: "USAGE" });
    });

    test("signs for seven days at most", async () => {
      expect((await (await createSigner({})).sign(request, 604_800)).expiresIn).toBe(604_800);
    });

    test("gives every field of a form its exact condition and the size both bounds", async () => {
      const { fields } = await (await createSigner({})).signForm(form, 300);
      const { Policy = "", "X-Amz-Signature": _, ...exact } = fields;
      const { conditions } = JSON.parse(Buffer.from(Policy, "base64").toString()) as { conditions: unknown[] };
      expect(conditions).toHaveLength(Object.keys(exact).length + 2);
      for (const [field, value] of Object.entries({ bucket: "drop", ...exact })) {
        expect(conditions).toContainEqual({ [field]: value });
      }
      expect(conditions).toContainEqual(["content-length-range", 1, 1024]);
      expect(exact).toMatchObject({ key: form.key, ...form.fields });
    });

    test.for([`uploads/${variable}`, variable, "a$\u007bx"])("refuses %s as the key of a form", async (key) => {
      const signer = await createSigner({});
      await expect(signer.signForm({ ...form, key }, 300)).rejects.toMatchObject({ code: "USAGE" });
    });
  });
}

/** What a signature may add to a query. */
const signatureNames = new Set([
  "X-Amz-Algorithm",
  "X-Amz-Content-Sha256",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Security-Token",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
]);

/** Query of a URL, decoded once. */
export function queryOf(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams);
}
