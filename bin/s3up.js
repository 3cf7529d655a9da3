#!/usr/bin/env node
import module from "node:module";
import process from "node:process";
import v8 from "node:v8";

module.enableCompileCache?.();
// V8 11, of Node 20, optimizes so eagerly that a run of seconds pays more for it than it gets back (bench/README.md).
if (process.versions.v8.startsWith("11.")) v8.setFlagsFromString("--interrupt-budget=1500000");
// The SDK tells each user of Node 20 that its releases of 2027 will not run there; the version in this package does.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** Nothing that could say it is loaded yet; the exit code is that of an unreadable file. */
function refuseToLoad(error) {
  if (error?.code !== "EMFILE" && error?.code !== "ENFILE") throw error;
  process.stderr.write(`Error: Too many files are open.
  The system gives this process no more file descriptors (${error.code}).
  Raise the limit, for instance with \`ulimit -n 1024\`.
`);
  process.exit(2);
}

const [{ main }, { createNodeRuntime }] = await Promise.all([
  import("../dist/main.js"),
  import("../dist/node-runtime.js"),
]).catch(refuseToLoad);
process.exitCode = await main(process.argv.slice(2), createNodeRuntime());
