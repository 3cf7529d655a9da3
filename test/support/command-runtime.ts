/** A Runtime in memory: files, outputs and a clock that a test sets. What a test does not hand in refuses to be used. */
import { S3upError } from "../../src/errors.ts";
import type { JsonLine, ReportEvent, Runtime } from "../../src/runtime.ts";
import type { FileSource } from "../../src/upload/source.ts";
import { fakeJournals } from "./fake-journals.ts";

export const testTime = new Date("2026-03-04T05:06:07Z");

export interface RuntimeChanges extends Partial<Runtime> {
  /** Path -> content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly stdinText?: string;
}

export interface TestRuntime extends Runtime {
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly lines: readonly JsonLine[];
  readonly events: readonly ReportEvent[];
  /** Paths of files that are open. */
  readonly openFiles: ReadonlySet<string>;
  /** Path -> content. */
  readonly writtenFiles: ReadonlyMap<string, string>;
}

export function testRuntime({ files = {}, stdinText = "", ...changes }: RuntimeChanges = {}): TestRuntime {
  const written = { out: [] as string[], err: [] as string[] };
  const lines: JsonLine[] = [];
  const events: ReportEvent[] = [];
  const openFiles = new Set<string>();
  const journals = fakeJournals();
  const writtenFiles = new Map<string, string>();
  const contentOf = (path: string): string => {
    const content = files[path];
    if (content === undefined) throw new S3upError("FILE_NOT_FOUND", `There is no file ${path}.`);
    return content;
  };

  return {
    version: "1.2.3",
    environment: {},
    workingDirectory: "/project",
    stdout: {
      isTerminal: false,
      write: (text) => void written.out.push(text),
      writeAll: async (pieces) => void written.out.push(...pieces),
    },
    stderr: { isTerminal: false, write: (text) => void written.err.push(text) },
    json: (line) => void lines.push(line),
    signal: new AbortController().signal,
    now: () => testTime,
    random: () => 0.5,
    newId: () => "00000000-0000-4000-8000-000000000000",
    sleep: async () => {},
    load: () => 0,
    readText: async (path) => contentOf(path),
    writeText: async (path, pieces) => void writtenFiles.set(path, [...pieces].join("")),
    findUpwards: async (name) => (files[name] === undefined ? undefined : name),
    openFile: async (path) => {
      const source = fileInMemory(path, contentOf(path), () => openFiles.delete(path));
      openFiles.add(path);
      return source;
    },
    findFiles: async function* ({ operands }) {
      for (const path of operands) yield { kind: "file", path, name: path.split("/").at(-1) ?? path, within: false };
    },
    removeSource: unexpected("a removal"),
    stdin: (async function* () {
      yield Buffer.from(stdinText);
    })(),
    contentTypeOf: async (name) => (name.endsWith(".txt") ? "text/plain" : "application/octet-stream"),
    report: async () => ({ emit: (event) => void events.push(event), close: () => {} }),
    s3: unexpected("AWS"),
    transferDefaults: async ({ endpointUrl }) => ({
      multipartThreshold: undefined,
      partSize: undefined,
      concurrency: undefined,
      checksums: true,
      endpoint: endpointUrl ?? changes.environment?.AWS_ENDPOINT_URL_S3,
    }),
    endpoint: unexpected("an endpoint"),
    urlDestination: unexpected("a presigned URL"),
    manifestDestination: unexpected("a manifest"),
    sender: async () => ({ send: unexpected("a request"), close: () => {} }),
    liveBuckets: unexpected("buckets"),
    probeEndpoint: unexpected("a probe"),
    terraform: unexpected("a plan"),
    auditTexts: unexpected("an audit"),
    journals: async () => journals,
    startSandbox: unexpected("the sandbox"),
    ...changes,
    out: () => written.out.join(""),
    err: () => written.err.join(""),
    lines,
    events,
    openFiles,
    writtenFiles,
  };
}

function fileInMemory(path: string, content: string, onClose: () => void): FileSource {
  const bytes = Buffer.from(content);
  const facts = { size: bytes.byteLength, mtimeMs: 0 };
  return {
    path,
    name: path.split("/").at(-1) ?? path,
    ...facts,
    read: async (buffer, position) => bytes.copy(buffer, 0, position),
    facts: async () => facts,
    close: async () => onClose(),
  };
}

function unexpected(what: string) {
  return (): never => {
    throw new Error(`nobody was to ask for ${what}`);
  };
}
