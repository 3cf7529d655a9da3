/** Group E: what a signed policy lets a browser's form do, and what not. */
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { type Condition, encodeForm, type Field, type FormFile, signForm, signPolicyText } from "../form.ts";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type ServerUnderTest } from "../server.ts";
import { type Answer, lineOf, xmlText } from "../wire.ts";

interface Form {
  readonly bucket: string;
  readonly conditions: readonly Condition[];
  readonly fields: readonly Field[];
  readonly file: FormFile | undefined;
  readonly expiresAt: Date;
}

const inTenMinutes = (): Date => new Date(Date.now() + 600_000);

/** A good form for one key, one type and 1 to 10 bytes. */
const goodForm = (bucket: string): Form => ({
  bucket,
  conditions: [{ bucket }, { key: "a" }, { "Content-Type": "text/plain" }, ["content-length-range", 1, 10]],
  fields: [
    ["key", "a"],
    ["Content-Type", "text/plain"],
  ],
  file: { name: "photo.txt", data: "123456789" },
  expiresAt: inTenMinutes(),
});

/** Sends the good form with some of it changed before it is signed. */
async function post(server: ServerUnderTest, change: (form: Form) => Partial<Form> = () => ({})): Promise<Answer> {
  const good = goodForm(await server.newBucket());
  const form = { ...good, ...change(good) };
  const signing = signForm(form, server.account, server.scope());
  return send(server, good.bucket, [...form.fields, ...signing], form.file);
}

/** Sends the good form with its signed fields changed after signing. */
async function postAltered(
  server: ServerUnderTest,
  alter: (fields: readonly Field[]) => readonly Field[],
): Promise<Answer> {
  const good = goodForm(await server.newBucket());
  const fields = [...good.fields, ...signForm(good, server.account, server.scope())];
  return send(server, good.bucket, alter(fields), good.file);
}

function send(
  server: ServerUnderTest,
  bucket: string,
  fields: readonly Field[],
  file: FormFile | undefined,
): Promise<Answer> {
  const { contentType, body } = encodeForm(fields, file);
  return server.sendUnsigned({ method: "POST", path: `/${bucket}`, headers: { "content-type": contentType }, body });
}

const withField = (fields: readonly Field[], name: string, value: string): readonly Field[] =>
  fields.map((field) => (field[0] === name ? [name, value] : field));

const addField = ({ conditions, fields }: Form, name: string, value: string): Partial<Form> => ({
  conditions: [...conditions, { [name]: value }],
  fields: [...fields, [name, value]],
});

const keyUnder =
  (prefix: string, key: string) =>
  ({ bucket }: Form) => ({
    conditions: [{ bucket }, ["starts-with", "$key", prefix] as const],
    fields: [["key", key] as const],
  });

const taken: readonly Probe[] = [
  probe("E01", "takes a form that keeps to its policy", "204", async (server) => lineOf(await post(server))),

  probe("E02", "stores the file with the type of the form", "204, text/plain 123456789", async (server) => {
    let bucket = "";
    return inTurn(
      () =>
        post(server, (form) => {
          bucket = form.bucket;
          return {};
        }),
      async () => {
        const { headers, body } = await server.send({ method: "GET", path: `/${bucket}/a` });
        return `${headers["content-type"]} ${body}`;
      },
    );
  }),

  probe("E03", "takes a key under the prefix of starts-with", "204", async (server) =>
    lineOf(await post(server, keyUnder("user/", "user/a"))),
  ),

  probe("E04", "puts the file's name in where the key says so", "204 user/photo.txt", async (server) => {
    let listed = "";
    const answer = await post(server, (form) => {
      listed = form.bucket;
      return keyUnder("user/", `user/${"$"}{filename}`)(form);
    });
    const list = await server.send({ method: "GET", path: `/${listed}`, query: { "list-type": "2" } });
    return `${lineOf(answer)} ${xmlText(list.body, "Key")}`;
  }),

  probe("E05", "answers 201 with a document when the form asks for it", "201 a", async (server) => {
    const answer = await post(server, (form) => addField(form, "success_action_status", "201"));
    return `${answer.status} ${xmlText(answer.body, "Key")}`;
  }),

  probe("E06", "redirects when the form asks for it", "303 /done?bucket, key and etag", async (server) => {
    const answer = await post(server, (form) => addField(form, "success_action_redirect", "http://127.0.0.1/done"));
    const location = new URL(answer.headers.location ?? "http://nowhere/");
    const told = ["bucket", "key", "etag"].every((name) => location.searchParams.has(name));
    return `${answer.status} ${location.pathname}${told ? "?bucket, key and etag" : ""}`;
  }),

  probe("E07", "ignores fields named x-ignore-*", "204", async (server) =>
    lineOf(await post(server, ({ fields }) => ({ fields: [...fields, ["x-ignore-this", "1"]] }))),
  ),

  probe("E08", "takes what the SDK's createPresignedPost makes", "204", async (server) => {
    const Bucket = await server.newBucket();
    const Conditions: [["content-length-range", number, number]] = [["content-length-range", 1, 10]];
    const { fields } = await createPresignedPost(server.s3, { Bucket, Key: "a", Conditions });
    return lineOf(await send(server, Bucket, Object.entries(fields), { name: "f", data: "123456789" }));
  }),
];

const refused: readonly Probe[] = [
  probe("E20", "refuses a file over the range", "400 EntityTooLarge", async (server) =>
    lineOf(await post(server, () => ({ file: { name: "f", data: "12345678901" } }))),
  ),
  probe("E21", "refuses a file under the range", "400 EntityTooSmall", async (server) =>
    lineOf(await post(server, () => ({ file: { name: "f", data: "" } }))),
  ),
  probe("E22", "refuses another key", "403 AccessDenied", async (server) =>
    lineOf(await postAltered(server, (fields) => withField(fields, "key", "b"))),
  ),
  probe("E23", "refuses a key outside the prefix", "403 AccessDenied", async (server) =>
    lineOf(await post(server, keyUnder("user/", "admin/a"))),
  ),
  probe("E24", "refuses another content type", "403 AccessDenied", async (server) =>
    lineOf(await postAltered(server, (fields) => withField(fields, "Content-Type", "text/html"))),
  ),
  probe("E25", "refuses a field that the policy does not name", "403 AccessDenied", async (server) =>
    lineOf(await postAltered(server, (fields) => [...fields, ["x-amz-meta-added", "1"]])),
  ),
  probe("E26", "refuses a form that lacks a field of the policy", "403 AccessDenied", async (server) =>
    lineOf(await postAltered(server, (fields) => fields.filter(([name]) => name !== "Content-Type"))),
  ),
  probe("E27", "refuses a policy for another bucket", "403 AccessDenied", async (server) =>
    lineOf(await post(server, ({ conditions }) => ({ conditions: [{ bucket: "another" }, ...conditions.slice(1)] }))),
  ),
  probe("E28", "refuses an expired policy", "403 AccessDenied", async (server) =>
    lineOf(await post(server, () => ({ expiresAt: new Date(Date.now() - 60_000) }))),
  ),
  documentedProbe(
    "E29",
    "refuses a policy that was changed after signing",
    "403 SignatureDoesNotMatch",
    async (server) =>
      lineOf(
        await postAltered(server, (fields) => {
          const policy = Buffer.from(fields.find(([name]) => name === "policy")?.[1] ?? "", "base64").toString();
          const wider = policy.replace('"content-length-range",1,10', '"content-length-range",1,99');
          return withField(fields, "policy", Buffer.from(wider).toString("base64"));
        }),
      ),
  ),
  documentedProbe(
    "E30",
    "refuses a signature made with another secret",
    "403 SignatureDoesNotMatch",
    async (server) => {
      const good = goodForm(await server.newBucket());
      const who = { accessKeyId: server.account.accessKeyId, secretAccessKey: "not-the-secret-of-anyone" };
      const fields = [...good.fields, ...signForm(good, who, server.scope())];
      return lineOf(await send(server, good.bucket, fields, good.file));
    },
  ),
  documentedProbe("E31", "does not know this access key in a form", "403 InvalidAccessKeyId", async (server) => {
    const good = goodForm(await server.newBucket());
    const who = { accessKeyId: "AKIAPROBEUNKNOWN0000", secretAccessKey: "not-the-secret-of-anyone" };
    const fields = [...good.fields, ...signForm(good, who, server.scope())];
    return lineOf(await send(server, good.bucket, fields, good.file));
  }),
  probe("E32", "refuses a form without a policy", "403 AccessDenied", async (server) => {
    const { bucket, fields, file } = goodForm(await server.newBucket());
    return lineOf(await send(server, bucket, fields, file));
  }),
  documentedProbe("E33", "refuses a policy that is not JSON", "400 InvalidPolicyDocument", async (server) => {
    const good = goodForm(await server.newBucket());
    const signing = signForm(good, server.account, server.scope()).slice(0, 3);
    const broken = signPolicyText("{ not json", server.account, server.scope());
    return lineOf(await send(server, good.bucket, [...good.fields, ...signing, ...broken], good.file));
  }),
  documentedProbe("E34", "refuses a form without a file", "400 InvalidArgument", async (server) =>
    lineOf(await post(server, () => ({ file: undefined }))),
  ),
  probe("E35", "stores nothing of a refused form", "400 EntityTooLarge, 404 NoSuchKey", async (server) => {
    let bucket = "";
    return inTurn(
      () =>
        post(server, (form) => {
          bucket = form.bucket;
          return { file: { name: "f", data: "12345678901" } };
        }),
      () => server.send({ method: "GET", path: `/${bucket}/a` }),
    );
  }),
];

export const formProbes: readonly Probe[] = [...taken, ...refused];
