/** `npm run test:faults`: every row of the matrix, mixes of faults, and kills at random moments, with a report. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import usual from "../../vitest.config.ts";

const { projects: _, ...settings } = usual.test ?? {};

// biome-ignore lint/style/noDefaultExport: vitest takes it so
export default defineConfig({
  root: fileURLToPath(new URL("../../", import.meta.url)),
  test: {
    ...settings,
    include: ["test/faults/*.test.ts", "test/faults/*.long.ts"],
    env: { ...settings.env, S3UP_FAULT_SET: "long" },
    reporters: ["default", fileURLToPath(new URL("report-writer.ts", import.meta.url))],
  },
});
