#!/usr/bin/env node
import module from "node:module";
import process from "node:process";
import v8 from "node:v8";

module.enableCompileCache?.();
// V8 11, of Node 20, optimizes so eagerly that a run of seconds pays more for it than it gets back (bench/README.md).
if (process.versions.v8.startsWith("11.")) v8.setFlagsFromString("--interrupt-budget=1500000");
// The SDK tells each user of Node 20 that its releases of 2027 will not run there; the version in this package does.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const [{ main }, { createNodeRuntime }] = await Promise.all([
  import("../dist/main.js"),
  import("../dist/node-runtime.js"),
]);
process.exitCode = await main(process.argv.slice(2), createNodeRuntime());
