// Bundles the upload page into dist/page: static files for any host, the same bytes each time.
import { cp, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const files = ["index.html", "icon.svg", "config.json"];

/** @returns what went into the bundle, for the notices of third parties */
export async function buildPage(root) {
  const from = new URL("src/page/", root);
  const to = new URL("dist/page/", root);
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root.pathname,
    entryPoints: ["src/page/page.ts", "src/page/page.css"],
    outdir: "dist/page",
    bundle: true,
    format: "esm",
    platform: "browser",
    target: ["chrome120", "firefox121", "safari17.4"],
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    inject: ["src/page/set-immediate.ts"],
    plugins: [browserDigests(new URL("digest.ts", from).pathname)],
  });
  for (const name of files) await cp(new URL(name, from), new URL(name, to));
  return metafile;
}

/** The engine computes its digests in one file; a browser has another. */
function browserDigests(path) {
  return {
    name: "browser digests",
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.\/digest\.ts$/ }, ({ importer }) =>
        importer.includes("/src/upload/") ? { path } : undefined,
      );
    },
  };
}
