import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, s3Error } from "./s3-error.ts";

/** Bytes of all names and values before the file. Source: "POST Object", form fields. */
const MAX_FIELD_BYTES = 20 * 1024;

type Parser = InstanceType<typeof Busboy>;

/** A form up to its file. */
export interface FormFields {
  /** Lower-case names, in the order sent. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the browser gave it, perhaps with a path; empty when it gave none. */
  readonly fileName: string;
  readonly file: Readable;
  /** Settles when the form has been read behind its file; rejects with an S3Error when that is not well formed. */
  readonly afterFile: Promise<void>;
  /** Why the file broke off, once it has. */
  readonly failure: () => S3Error | undefined;
}

/** Reads as far as the file begins. @throws S3Error */
export async function readFormFields(request: ReceivedRequest): Promise<FormFields> {
  return new FormReader(request, formParser(request)).untilFile;
}

class FormReader {
  readonly untilFile: Promise<FormFields>;
  readonly #request: ReceivedRequest;
  readonly #parser: Parser;
  readonly #fields = new Map<string, string>();
  readonly #afterFile: Promise<void>;
  #fieldBytes = 0;
  #file: Readable | undefined;
  #failure: S3Error | undefined;
  #reachFile: (form: FormFields) => void = () => undefined;
  #reachEnd: () => void = () => undefined;
  /** One for each promise. */
  #rejections: ((reason: S3Error) => void)[] = [];

  constructor(request: ReceivedRequest, parser: Parser) {
    this.#request = request;
    this.#parser = parser;
    this.untilFile = new Promise((resolve, reject) => {
      this.#reachFile = resolve;
      this.#rejections.push(reject);
    });
    this.#afterFile = new Promise((resolve, reject) => {
      this.#reachEnd = resolve;
      this.#rejections.push(reject);
    });
    // whoever reads the file looks at this only after it, and maybe never gets there
    this.#afterFile.catch(() => undefined);
    this.#listen();
    request.stream.pipe(parser);
  }

  #listen(): void {
    const { stream } = this.#request;
    this.#parser.on("field", (name, value) => this.#takeField(name, value));
    this.#parser.on("file", (_name, file, fileName) => this.#takeFile(file, fileName));
    this.#parser.on("error", () => this.#fail(s3Error("MalformedPOSTRequest")));
    this.#parser.on("finish", () => {
      if (this.#file === undefined) this.#fail(wrongNumberOfFiles(0));
      else this.#reachEnd();
    });
    stream.once("close", () => {
      if (!stream.readableEnded) this.#fail(s3Error("IncompleteBody", {}, { closeConnection: true }));
    });
  }

  #takeField(name: string | undefined, value: string): void {
    // S3 ignores what follows the file
    if (this.#file !== undefined) return;
    this.#fieldBytes += Buffer.byteLength(`${name}${value}`);
    const problem = problemOfField(this.#fields, name, this.#fieldBytes);
    if (problem !== undefined) this.#fail(problem);
    else if (name !== undefined) this.#fields.set(name.toLowerCase(), value);
  }

  #takeFile(file: Readable, fileName: string | undefined): void {
    // the parser also reports its own trouble on the file, where nobody may be listening yet
    file.on("error", () => this.#fail(s3Error("MalformedPOSTRequest")));
    if (this.#file !== undefined) {
      file.resume();
      this.#fail(wrongNumberOfFiles(2));
      return;
    }
    this.#file = file;
    this.#reachFile({
      fields: this.#fields,
      fileName: fileName ?? "",
      file,
      afterFile: this.#afterFile,
      failure: () => this.#failure,
    });
  }

  #fail(reason: S3Error): void {
    this.#failure ??= reason;
    this.#request.stream.unpipe(this.#parser);
    for (const reject of this.#rejections) reject(reason);
    this.#file?.destroy();
  }
}

function formParser(request: ReceivedRequest): Parser {
  const contentType = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw s3Error("PreconditionFailed", {
      Condition: "Bucket POST must be of the enclosure-type multipart/form-data",
    });
  }
  if (request.headers["content-length"] === undefined) throw s3Error("MissingContentLength");
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      // what makes a part the file is its name, whatever else a browser says of it
      isPartAFile: (name) => name?.toLowerCase() === "file",
      preservePath: true,
      limits: { fieldSize: MAX_FIELD_BYTES + 1, headerSize: MAX_FIELD_BYTES },
    });
  } catch {
    // no boundary, or one that is none
    throw s3Error("MalformedPOSTRequest");
  }
}

function problemOfField(
  fields: ReadonlyMap<string, string>,
  name: string | undefined,
  fieldBytes: number,
): S3Error | undefined {
  if (name === undefined || name === "") return s3Error("MalformedPOSTRequest");
  if (fieldBytes > MAX_FIELD_BYTES) {
    return s3Error("MaxPostPreDataLengthExceededError", { MaxPostPreDataLengthBytes: `${MAX_FIELD_BYTES}` });
  }
  if (!fields.has(name.toLowerCase())) return undefined;
  return s3Error(
    "InvalidArgument",
    { ArgumentName: name },
    { message: `Bucket POST must contain a single field named '${name}'.` },
  );
}

function wrongNumberOfFiles(count: number): S3Error {
  return s3Error(
    "InvalidArgument",
    { ArgumentName: "file", ArgumentValue: `${count}` },
    { message: "POST requires exactly one file upload per request." },
  );
}
