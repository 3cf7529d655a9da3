/** Where the reports of an audit go, and in which format. */
import { InvalidArgumentError } from "commander";
import { type AuditFormat, auditFormatNames } from "../audit/report-formats.ts";
import { S3upError } from "../errors.ts";

export interface AuditOutput {
  /** Undefined: as the file's ending says, else as on stdout. */
  readonly format: AuditFormat | undefined;
  readonly path: string;
}

const formatOfEnding: Readonly<Record<string, AuditFormat>> = {
  json: "json",
  sarif: "sarif",
  xml: "junit",
  md: "markdown",
  markdown: "markdown",
  txt: "human",
};

/** `audit.json`, `sarif=audit.sarif`; repeated options add up. */
export function parseOutput(text: string, earlier: readonly AuditOutput[] = []): readonly AuditOutput[] {
  const [, name = "", path = ""] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
  const format = auditFormatNames.find((candidate) => candidate === name);
  if (format === undefined && name !== "" && !name.includes("/") && formatOfEnding[name] === undefined) {
    // A file may have "=" in its name, but then its beginning is hardly one lower-case word.
    throw new InvalidArgumentError(`There is no format "${name}".\nThe formats are: ${auditFormatNames.join(", ")}.`);
  }
  const output = format === undefined ? { format: undefined, path: text } : { format, path };
  if (output.path === "") throw new InvalidArgumentError("No file is named.\nWrite FILE or format=FILE.");
  return [...earlier, output];
}

/** The format of a file: what was said of it, else --format, else what its ending says. */
export function formatOf({ format, path }: AuditOutput, said: AuditFormat | undefined): AuditFormat {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return format ?? said ?? formatOfEnding[ending] ?? "human";
}

/** `--json` is another way to say `--format json`. @throws S3upError USAGE where both are said and differ */
export function chooseFormat({
  json,
  format,
}: {
  readonly json?: boolean;
  readonly format?: AuditFormat;
}): AuditFormat | undefined {
  if (json && format !== undefined && format !== "json") {
    throw new S3upError("USAGE", `--json and --format ${format} cannot be used together.`, {
      why: "Both say what stands on stdout.",
      hint: `Write the other one to a file, such as -o ${format}=FILE.`,
    });
  }
  return json ? "json" : format;
}
