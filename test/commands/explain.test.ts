import { describe, expect, test } from "vitest";
import { EXIT } from "../../src/exit-codes.ts";
import { runProgram } from "../../src/program.ts";
import { type RuntimeChanges, testRuntime } from "../support/command-runtime.ts";

const signature = "0123456789abcdef".repeat(4);
const url = `https://drop.s3.eu-central-1.amazonaws.com/in/a.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F20260304%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20260304T050500Z&X-Amz-Expires=300&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost&X-Amz-Signature=${signature}`;
const answer = JSON.stringify({
  type: "presigned",
  method: "PUT",
  url,
  headers: { "content-type": "text/plain" },
  contentLength: 5,
});
const refusal =
  "<Error><Code>SignatureDoesNotMatch</Code><Message>No match.</Message><CanonicalRequest>PUT\n/in/a.txt\n\ncontent-length:5\ncontent-type:text/html\nhost:drop.s3.eu-central-1.amazonaws.com\n\ncontent-length;content-type;host\nUNSIGNED-PAYLOAD</CanonicalRequest></Error>";

async function explain(argv: readonly string[], changes: RuntimeChanges = {}) {
  const runtime = testRuntime({
    files: { "answer.json": answer, "url.txt": `${url}\n`, "403.xml": refusal },
    ...changes,
  });
  const code = await runProgram(["explain", ...argv], runtime);
  return { code, out: runtime.out(), lines: runtime.lines };
}

test("a URL is taken apart line by line", async () => {
  expect(await explain([url])).toMatchObject({
    code: EXIT.ok,
    out: `PUT https://drop.s3.eu-central-1.amazonaws.com/in/a.txt
  bucket     drop
  key        in/a.txt
  method     PUT, by the signs in the URL
  signature  Version 4 for eu-central-1, by AKIAEXAMPLE
  expires    2026-03-04T05:10:00Z, in 3m 53s, life 5m
  must send  content-length: as it was signed
             content-type: as it was signed
  nothing wrong with it
`,
  });
});

describe("the input", () => {
  test.for<[string, readonly string[], RuntimeChanges]>([
    ["a file with a URL", ["url.txt"], {}],
    ["a file with an answer", ["answer.json"], {}],
    ["stdin with a URL", ["-"], { stdinText: `${url}\n` }],
    ["stdin with an answer", ["-"], { stdinText: answer }],
    ["stdin with a curl line", ["-"], { stdinText: `curl --upload-file a.txt --url '${url}'` }],
  ])("may be %s", async ([, argv, changes]) => {
    expect((await explain(argv, changes)).out).toContain("https://drop.s3.eu-central-1.amazonaws.com/in/a.txt\n");
  });

  test.for<[string, readonly string[], string, string]>([
    ["a missing file", ["none.txt"], "FILE_NOT_FOUND", "There is no file none.txt."],
    ["a file without a URL", ["403.xml"], "USAGE", "There is no signed URL in 403.xml."],
    ["an address that is none", ["https://"], "USAGE", "There is no signed URL in what was given."],
    ["stdin twice", ["-", "--response", "-"], "USAGE", "Stdin cannot be both the URL and the answer."],
  ])("may not be %s", async ([, argv, code, message]) => {
    await expect(explain(argv)).rejects.toMatchObject({ code, message });
  });
});

test("what is wrong comes with what to do", async () => {
  const { out } = await explain([url.replace("X-Amz-Expires=300", "X-Amz-Expires=86400"), "--method", "put"]);
  expect(out).toContain("  wrong with it:\n  - The URL lives longer than 15 minutes");
  expect(out).toContain("\n    Sign just before use");
});

test("S3's answer shows the header that differs", async () => {
  const { out } = await explain(["answer.json", "--response", "403.xml"]);
  expect(out).toContain(
    '\nS3 answered SignatureDoesNotMatch: No match.\n  - content-type differs: signed "text/plain", S3 received "text/html".\n',
  );
});

test("--json is one line for each request, and one for the answer", async () => {
  const { lines, out } = await explain(["answer.json", "--response", "403.xml", "--json"]);
  expect(out).toBe("");
  expect(lines).toMatchObject([
    {
      type: "explanation",
      kind: "url",
      method: "PUT",
      leftSeconds: 233,
      mustSend: [{ value: "5" }, { value: "text/plain" }],
    },
    { type: "refusal", code: "SignatureDoesNotMatch" },
  ]);
});

test("parts of an upload are told once", async () => {
  const part = { method: "PUT", url, headers: {} };
  const { out } = await explain(["-"], { stdinText: JSON.stringify({ parts: [part, part, part] }) });
  expect(out.match(/^parts\[/gm)).toHaveLength(2);
  expect(out).toContain("parts[1] to parts[2] are like parts[0].");
});

test("control characters of a key do not reach the terminal", async () => {
  const { out } = await explain([url.replace("a.txt", "a%1b%5B2J%0A.txt")]);
  expect(out).toContain("key        in/a%1B[2J%0A.txt");
});

test("no output holds the signature", async () => {
  for (const argv of [[url], [url, "--json"], ["answer.json"], ["answer.json", "--json", "--response", "403.xml"]]) {
    const { out, lines } = await explain(argv);
    expect(out + JSON.stringify(lines)).not.toContain(signature);
  }
});
