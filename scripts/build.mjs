// Bundles the program into dist/: what `bin/s3up.js` and the published package run.
// Splitting keeps the heavy parts (the SDK, the sandbox) in chunks of their own, loaded only when a command asks for them.
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { buildPage } from "./build-page.mjs";
import { thirdPartyNotices } from "./third-party-notices.mjs";

const root = new URL("../", import.meta.url);
const { version } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
const outdir = new URL("dist/", root);

await rm(outdir, { recursive: true, force: true });

const { metafile } = await build({
  absWorkingDir: root.pathname,
  entryPoints: ["src/main.ts", "src/node-runtime.ts"],
  outdir: "dist",
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  define: { S3UP_VERSION: JSON.stringify(version) },
  // A few dependencies are CommonJS and ask for Node's own modules with require, which an ES module has not.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});

const page = await buildPage(root);
const inputs = { ...metafile.inputs, ...page.inputs };

await writeFile(new URL("THIRD-PARTY-NOTICES.txt", outdir), await thirdPartyNotices({ ...metafile, inputs }, root));
await writeFile(new URL("metafile.json", outdir), JSON.stringify(metafile));
await cp(new URL("docs/schemas/", root), new URL("schemas/", outdir), { recursive: true });
