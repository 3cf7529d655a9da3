#!/usr/bin/env node
import module from "node:module";
import process from "node:process";

module.enableCompileCache?.();
// The SDK tells each user of Node 20 that its releases of 2027 will not run there; the version in this package does.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const [{ main }, { createNodeRuntime }] = await Promise.all([
  import("../dist/main.js"),
  import("../dist/node-runtime.js"),
]);
process.exitCode = await main(process.argv.slice(2), createNodeRuntime());
