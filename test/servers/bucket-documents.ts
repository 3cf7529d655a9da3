/** The settings of a bucket, each an XML document (or a policy) behind a sub-resource of its own. */
import { contentMd5, inTurn, type ServerUnderTest } from "./server.ts";
import { type Answer, lineOf, xmlTexts } from "./wire.ts";

export const s3Namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export interface Bucket {
  readonly name: string;
  get(subresource: string): Promise<Answer>;
  put(subresource: string, body: string): Promise<Answer>;
  remove(subresource: string): Promise<Answer>;
}

export async function newBucket(server: ServerUnderTest): Promise<Bucket> {
  const name = await server.newBucket();
  const path = `/${name}`;
  return {
    name,
    get: (subresource) => server.send({ method: "GET", path, query: { [subresource]: "" } }),
    put: (subresource, body) =>
      server.send({ method: "PUT", path, query: { [subresource]: "" }, headers: contentMd5(body), body }),
    remove: (subresource) => server.send({ method: "DELETE", path, query: { [subresource]: "" } }),
  };
}

/** Status, and the text of these elements. */
export const told = (answer: Answer, ...names: readonly string[]): string =>
  [lineOf(answer), ...names.map((name) => xmlTexts(answer.body, name).join("+") || "-")].join(" ");

/** The answer of a new bucket. */
export const fresh =
  (subresource: string, ...names: readonly string[]) =>
  async (server: ServerUnderTest) =>
    told(await (await newBucket(server)).get(subresource), ...names);

/** Puts the document and tells what comes back. */
export const roundTrip =
  (subresource: string, document: string, ...names: readonly string[]) =>
  async (server: ServerUnderTest) => {
    const bucket = await newBucket(server);
    return inTurn(
      () => bucket.put(subresource, document),
      async () => told(await bucket.get(subresource), ...names),
    );
  };

/** Puts and deletes the document and tells what is left. */
export const removal = (subresource: string, document: string) => async (server: ServerUnderTest) => {
  const bucket = await newBucket(server);
  await bucket.put(subresource, document);
  return inTurn(
    () => bucket.remove(subresource),
    () => bucket.get(subresource),
  );
};
