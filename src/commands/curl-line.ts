/** Signed requests as curl commands that work when pasted into a POSIX shell. */
import type { SignedRequest } from "../protocol/messages.ts";
import type { SignedForm } from "../signing/signer.ts";
import { posixWord } from "../upload/shell-word.ts";

/** The file to send, or to write to for a download. */
export function curlLine(request: SignedRequest, file: string): string {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
  return lineOf([...methodWords(request.method, file), ...headers, "--url", request.url]);
}

/** `--form-string` takes a value as it stands, where `--form` would read a file for one that begins with @ or <. */
export function curlFormLine(form: SignedForm, file: string): string {
  const fields = Object.entries(form.fields).flatMap(([name, value]) => ["--form-string", `${name}=${value}`]);
  return lineOf([...fields, "--form", `file=@"${file.replace(/[\\"]/g, "\\$&")}"`, "--url", form.url]);
}

function methodWords(method: SignedRequest["method"], file: string): readonly string[] {
  switch (method) {
    case "PUT":
      return ["--upload-file", fileOperand(file)];
    case "GET":
      return ["--output", fileOperand(file)];
    case "HEAD":
      return ["--head"];
    case "POST":
    case "DELETE":
      return ["--request", method];
  }
}

/** A name that begins with a hyphen or is just one would mean something else to curl. */
function fileOperand(file: string): string {
  return file.startsWith("-") ? `./${file}` : file;
}

/** A key may hold dot segments and brackets: curl must take the address as it was signed. */
function lineOf(words: readonly string[]): string {
  return ["curl", "--fail-with-body", "--silent", "--show-error", "--path-as-is", "--globoff", ...words]
    .map(posixWord)
    .join(" ");
}
