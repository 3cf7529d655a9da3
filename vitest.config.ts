import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** What needs something that is not on every machine: other S3 servers, Terraform, a browser. */
const apart = {
  servers: "test/servers/**/*.test.ts",
  infra: "test/infra/**/*.test.ts",
  page: "test/browser/**/*.test.ts",
};

export default defineConfig({
  test: {
    // Many tests wait for a process or a socket, so two run at a time even on one core.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    pool: "forks",
    // A fresh process for each of some 350 files would cost half of the whole run.
    isolate: false,
    setupFiles: ["test/support/leave-nothing-behind.ts"],
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
    projects: [
      project("s3up", ["test/**/*.test.ts"], Object.values(apart)),
      project("servers", [apart.servers]),
      project("infra", [apart.infra]),
      // A page is watched while it sends: its tests come last, when nothing else takes the processor from it.
      project("page", [apart.page], [], 1),
    ],
  },
});

function project(name: string, include: string[], exclude: string[] = [], groupOrder = 0) {
  return { extends: true as const, test: { name, include, exclude, sequence: { groupOrder } } };
}
