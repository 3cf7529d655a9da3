/** Makes the programs that the uploads are measured with: the sink and its companions with cc, the clients with esbuild. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const clients = ["ceiling", "lib-storage", "put-objects"];

/** `certificate` is undefined where the sink cannot speak TLS. */
export async function compileMachinery(
  folder: string,
): Promise<{ readonly certificate: string | undefined; readonly key: string }> {
  compile(folder, "measure");
  compile(folder, "delay");
  const key = join(folder, "key.pem");
  if (!openSslIsThere()) {
    compile(folder, "sink");
    return { certificate: undefined, key };
  }
  compile(folder, "sink", "-DWITH_TLS", "-lssl", "-lcrypto");
  const certificate = join(folder, "certificate.pem");
  makeCertificate(certificate, key);
  return { certificate, key };
}

/** As s3up itself is: what its libraries cost to load is then no advantage of ours. */
export async function bundleClients(folder: string): Promise<void> {
  await build({
    entryPoints: clients.map((name) => here(`clients/${name}.mjs`)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    mainFields: ["module", "main"],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
}

function compile(folder: string, name: string, ...flags: readonly string[]): void {
  run("cc", "-O2", "-pthread", here(`machinery/${name}.c`), "-o", join(folder, name), ...flags);
}

/** Debian has them in a package of their own. */
function openSslIsThere(): boolean {
  const header = "/usr/include/openssl/ssl.h";
  if (existsSync(header)) return true;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.error("bench: installing libssl-dev");
    run("apt-get", "install", "-y", "-qq", "libssl-dev", "openssl");
  }
  return existsSync(header);
}

function makeCertificate(certificate: string, key: string): void {
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=s3up-bench";
  const names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  run("openssl", ...request.split(" "), ...names, "-keyout", key, "-out", certificate);
}

function run(program: string, ...args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Error(`${program} failed: ${said}`, { cause: error });
  }
}
