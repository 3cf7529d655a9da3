/** What every `PartSender` promises: the real one over loopback, and the fake that the engine's tests use. */
import { describe, expect, test } from "vitest";
import { type PartSender, type RequestBody, SendFailure } from "../../src/upload/transport.ts";

export interface SenderUnderTest {
  readonly sender: PartSender;
  /** An address that answers with this status, after it has read the body. */
  answering(status: number, headers?: Readonly<Record<string, string>>, body?: string): Promise<string>;
  /** An address that gives no answer at all. */
  readonly silent: () => Promise<string>;
  /** An address at which a connection breaks. */
  readonly broken: () => Promise<string>;
}

export function describePartSender(name: string, make: () => SenderUnderTest): void {
  const put = (
    { sender }: SenderUnderTest,
    url: string,
    body: RequestBody = [Buffer.from("hello")],
    signal: AbortSignal = new AbortController().signal,
    onSent?: (bytes: number) => void,
  ) =>
    sender.send({ method: "PUT", url, headers: { "content-type": "text/plain" }, expiresIn: 60 }, body, {
      signal,
      contentLength: 5,
      ...(onSent === undefined ? {} : { onSent }),
    });

  describe(`${name} as a part sender`, () => {
    test.for([200, 204, 301, 403, 404, 412, 500, 503])("takes %i for an answer", async (status) => {
      const subject = make();
      expect(await put(subject, await subject.answering(status))).toMatchObject({ status });
    });

    test("hands on headers in lower case, and the body", async () => {
      const subject = make();
      const url = await subject.answering(403, { ETag: '"x"' }, "<Error/>");
      expect(await put(subject, url)).toMatchObject({ headers: { etag: '"x"' }, body: "<Error/>" });
    });

    test("counts the bytes that have left", async () => {
      const subject = make();
      let sent = 0;
      const blocks = [Buffer.from("he"), Buffer.from("llo")];
      await put(subject, await subject.answering(200), blocks, undefined, (bytes) => {
        sent += bytes;
      });
      expect(sent).toBe(5);
    });

    test("asks for the next block only when it is done with the one before", async () => {
      const subject = make();
      const block = Buffer.alloc(1);
      async function* refilled() {
        for (const byte of Buffer.from("hello")) {
          block[0] = byte;
          yield block;
        }
      }
      expect(await put(subject, await subject.answering(200), refilled())).toMatchObject({ status: 200 });
    });

    test("fails with the error of the body", async () => {
      const subject = make();
      async function* changing() {
        yield Buffer.from("he");
        throw new Error("the file changed");
      }
      await expect(put(subject, await subject.answering(200), changing())).rejects.toThrow("the file changed");
    });

    test("says why there was no answer", async () => {
      const subject = make();
      const failure = await put(subject, await subject.broken()).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SendFailure);
      expect((failure as SendFailure).reason).toBe("reset");
    });

    test("sends nothing when the signal has aborted before", async () => {
      const subject = make();
      const stop = AbortSignal.abort(new Error("stopped"));
      await expect(put(subject, await subject.answering(200), undefined, stop)).rejects.toThrow("stopped");
    });

    test("rejects with the signal's reason when it aborts on the way", async () => {
      const subject = make();
      const stop = new AbortController();
      const url = await subject.silent();
      const sending = put(subject, url, undefined, stop.signal, () => stop.abort(new Error("stopped")));
      await expect(sending).rejects.toThrow("stopped");
    });
  });
}
