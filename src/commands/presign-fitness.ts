/** Which options of `s3up presign` make sense together. */
import { S3upError } from "../errors.ts";
import type { PresignFormat, PresignTarget, PresignWish } from "./presign.ts";
import { refuseUnfit } from "./said-options.ts";

const objectOptionNames = [
  "--content-type",
  "--cache-control",
  "--content-disposition",
  "--content-encoding",
  "--content-language",
  "--metadata",
  "--tag",
  "--storage-class",
  "--sse",
  "--sse-kms-key-id",
  "--acl",
];

/** @throws S3upError USAGE */
export function refuseUnfitPresign(
  target: PresignTarget,
  wish: PresignWish,
  format: PresignFormat | undefined,
  said: readonly string[],
): void {
  refuseForMethod(wish, said);
  if (wish.method === "put") refuseForPut(wish, said);
  if (wish.method === "post") refuseForForm(wish, format, said);
  if (wish.multipart !== undefined) refuseForManifest(target, wish, format, said);
  if (target.via === "endpoint") refuseForEndpoint(wish, said);
}

function refuseForMethod({ method }: PresignWish, said: readonly string[]): void {
  if (method === "put" || method === "post") return;
  refuseUnfit(
    said,
    [
      "--file",
      "--content-length",
      "--checksum",
      "--no-overwrite",
      "--max-size",
      "--multipart",
      "--part-size",
      ...objectOptionNames,
    ],
    {
      beside: `with --method ${method}`,
      why: "Such a request has no body and stores nothing.",
      hint: "Leave it out, or sign an upload with --method put.",
    },
  );
}

function refuseForPut(wish: PresignWish, said: readonly string[]): void {
  refuseUnfit(said, ["--max-size"], {
    beside: "with --method put",
    why: "A URL can bind one exact length; only a form has a range.",
    hint: "Use --content-length or --file, or a form with --method post.",
  });
  if (wish.multipart === undefined) {
    refuseUnfit(said, ["--part-size"], {
      beside: "without --multipart",
      why: "A single URL has no parts.",
      hint: "Add --multipart, or leave it out.",
    });
  }
  if (wish.file !== undefined) {
    refuseUnfit(said, ["--content-length"], {
      beside: "with a file",
      why: "The length of the file is what is signed.",
      hint: "Leave one of them out.",
    });
  }
  if (wish.file === undefined && wish.checksum?.kind === "compute" && said.includes("--checksum")) {
    throw new S3upError("USAGE", "--checksum needs a file or a value.", {
      why: "Only the algorithm is named, and there is nothing to compute it from.",
      hint: "Add --file, or write the value: --checksum sha256=<base64>.",
    });
  }
}

function refuseForForm(wish: PresignWish, format: PresignFormat | undefined, said: readonly string[]): void {
  refuseUnfit(said, ["--content-length", "--checksum", "--no-overwrite", "--tag", "--multipart", "--part-size"], {
    beside: "with --method post",
    why: "S3 has no condition for it in a form.",
    hint: "Leave it out, or use --method put.",
  });
  if (format === "url") {
    throw new S3upError("USAGE", "--format url cannot be used with --method post.", {
      why: "A form is more than its URL: its fields carry the signature.",
      hint: "Use --format json or --format curl.",
    });
  }
  if (wish.maxSize === undefined && wish.file === undefined) {
    throw new S3upError("USAGE", "A form needs a largest size.", {
      why: "Without one the sender could store up to 5 GiB.",
      hint: "Add --max-size, such as --max-size 10MiB, or --file.",
    });
  }
}

function refuseForManifest(
  target: PresignTarget,
  wish: PresignWish,
  format: PresignFormat | undefined,
  said: readonly string[],
): void {
  if (target.via === "endpoint") {
    throw new S3upError("USAGE", "--multipart cannot be used with --endpoint.", {
      why: "The endpoint signs each part when it is sent; there is no manifest to hand on.",
      hint: "Upload with `s3up put <file> --endpoint …`.",
    });
  }
  if (wish.file === undefined) {
    throw new S3upError("USAGE", "--multipart needs --file.", {
      why: "Length and checksum of every part are signed, so the bytes must be known.",
      hint: "Add --file <path>.",
    });
  }
  if (format === "url" || format === "curl") {
    throw new S3upError("USAGE", `--format ${format} cannot be used with --multipart.`, {
      why: "A manifest holds many URLs.",
      hint: "Leave --format out and use the JSON with `s3up put --manifest`.",
    });
  }
  refuseUnfit(
    said,
    ["--checksum"].filter(() => wish.checksum?.kind === "given"),
    {
      beside: "with --multipart",
      why: "The checksums of the parts are computed from the file.",
      hint: "Name only the algorithm, such as --checksum crc32.",
    },
  );
}

function refuseForEndpoint(wish: PresignWish, said: readonly string[]): void {
  if (wish.method !== "put") {
    throw new S3upError("USAGE", `--method ${wish.method} cannot be used with --endpoint.`, {
      why: "An endpoint signs uploads.",
      hint: "Leave --method out, or sign with AWS credentials: s3up presign s3://bucket/key.",
    });
  }
  const others = objectOptionNames.filter((name) => name !== "--content-type" && name !== "--metadata");
  refuseUnfit(said, [...others, "--content-length", "--endpoint-url", "--path-style", "--no-overwrite"], {
    beside: "with --endpoint",
    why: "The endpoint decides where and how the object is stored.",
    hint: "Leave it out, or sign with AWS credentials: s3up presign s3://bucket/key.",
  });
}
