import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // A fresh process for each of some 350 files would cost half of the whole run.
    isolate: false,
    setupFiles: ["test/support/leave-nothing-behind.ts"],
    // Many tests wait for a process or a socket, so two run at a time even on one core.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ["dot"] : ["default"],
    // No test may see the developer's own AWS settings.
    env: {
      AWS_PROFILE: "",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
  },
});
