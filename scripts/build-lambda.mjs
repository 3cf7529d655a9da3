// Bundles the presign backend into a zip for AWS Lambda, with the SDK inside: the same sources and the same lock file
// give the same bytes, on every machine and on every day. `npm run build:lambda [-- FOLDER]`, by default dist-lambda/
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { reproducibleZip } from "./reproducible-zip.mjs";
import { thirdPartyNotices } from "./third-party-notices.mjs";

const root = new URL("../", import.meta.url);
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL("dist-lambda/", root)));
/** A larger bundle starts slowly. */
const MOST_BYTES = 1_000_000;

const { outputFiles, metafile } = await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ["src/backend/lambda.ts"],
  outfile: "lambda.mjs",
  write: false,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  mainFields: ["module", "main"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  // The paths of modules decide about names in the bundle, so no link may lead out of the folder.
  preserveSymlinks: true,
});
const bundle = outputFiles[0].contents;
if (bundle.length > MOST_BYTES) throw new Error(`The bundle has ${bundle.length} bytes; ${MOST_BYTES} are the most.`);

const zip = reproducibleZip({
  "lambda.mjs": bundle,
  "THIRD-PARTY-NOTICES.txt": Buffer.from(await thirdPartyNotices(metafile, root)),
});
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "lambda.mjs"), bundle);
await writeFile(join(folder, "s3up-presign.zip"), zip);

const sha256 = createHash("sha256").update(zip);
console.log(relative(process.cwd(), join(folder, "s3up-presign.zip")));
console.log(`  bundle   ${bundle.length} bytes, zip ${zip.length}`);
console.log(`  sha256   ${sha256.copy().digest("hex")}`);
console.log(`  base64   ${sha256.digest("base64")} (source_code_hash of Terraform, CodeSha256 of Lambda)`);
