// Records `npm run demo` in a real terminal (tmux) and writes docs/demo.svg, the picture at the top of README.md.
// Needs tmux. Frames that do not differ are kept once; the colours are the terminal's own.
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const columns = 118;
const rows = 17;
const session = "s3up-demo";
const everyMs = 80;
const root = new URL("../", import.meta.url).pathname;

const escapeCharacter = String.fromCharCode(27);
const styled = new RegExp(`(${escapeCharacter}\\[[0-9;]*m)`);
const style = new RegExp(`^${escapeCharacter}\\[([0-9;]*)m$`);
const colours = {
  31: "#bf616a",
  32: "#a3be8c",
  33: "#ebcb8b",
  34: "#81a1c1",
  35: "#b48ead",
  36: "#88c0d0",
  90: "#7b8494",
};

const frames = await record();
await writeFile(new URL("../docs/demo.svg", import.meta.url), toSvg(frames));
console.log(`docs/demo.svg: ${frames.length} frames`);

async function record() {
  tmux("new-session", "-d", "-s", session, "-x", `${columns}`, "-y", `${rows}`, "-c", root, "env PS1='$ ' sh");
  try {
    tmux("send-keys", "-t", session, "clear; node scripts/demo.mjs; echo DONE", "Enter");
    const taken = [];
    for (let tick = 0; tick < 1000; tick++) {
      const screen = tmux("capture-pane", "-p", "-e", "-t", session).replace(
        /^.*node scripts\/demo\.mjs.*$/m,
        "$ npm run demo",
      );
      const done = /^DONE$/m.test(screen);
      const frame = screen.replace(/^DONE[\s\S]*$/m, "").trimEnd();
      if (frame !== "" && taken.at(-1)?.text !== frame) taken.push({ text: frame, tick });
      if (done) return taken;
      await sleep(everyMs);
    }
    throw new Error("The demo did not end.");
  } finally {
    tmux("kill-session", "-t", session);
  }
}

function tmux(...args) {
  return execFileSync("tmux", args, { encoding: "utf8" });
}

function toSvg(frames) {
  const seconds = ((frames.at(-1).tick + 1) * everyMs) / 1000 + 5;
  const width = columns * 7.25 + 24;
  const height = rows * 17 + 24;
  const groups = frames.map(({ text, tick }, index) => {
    const from = (tick * everyMs) / 1000 / seconds;
    const next = frames[index + 1];
    const to = next === undefined ? 1 : (next.tick * everyMs) / 1000 / seconds;
    return `<g visibility="${next === undefined ? "visible" : "hidden"}">${visibility(from, to, seconds)}${lines(text)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A run of npm run demo">`,
    `<style>text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#d8dee9;white-space:pre}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#1e2430"/>`,
    ...groups,
    `</svg>\n`,
  ].join("\n");
}

/** Visible from one share of the whole time to another; the last frame also where nothing is animated. */
function visibility(from, to, seconds) {
  const times = from === 0 ? `0;${to.toFixed(4)}` : `0;${from.toFixed(4)};${to.toFixed(4)}`;
  const values = from === 0 ? "visible;hidden" : "hidden;visible;hidden";
  const [keyTimes, keyValues] =
    to === 1 ? [times.replace(/;[^;]*$/, ""), values.replace(/;hidden$/, "")] : [times, values];
  return `<animate attributeName="visibility" calcMode="discrete" dur="${seconds}s" repeatCount="indefinite" keyTimes="${keyTimes}" values="${keyValues}"/>`;
}

function lines(text) {
  return text
    .split("\n")
    .map((line, row) =>
      line.trim() === "" ? "" : `<text x="12" y="${(row + 1) * 17 + 8}" xml:space="preserve">${spans(line)}</text>`,
    )
    .join("");
}

function spans(line) {
  let colour;
  return line
    .split(styled)
    .map((piece) => {
      const codes = style.exec(piece);
      if (codes === null)
        return colour === undefined ? escapeXml(piece) : `<tspan fill="${colour}">${escapeXml(piece)}</tspan>`;
      for (const code of codes[1].split(";"))
        colour = colours[code] ?? (["", "0", "39"].includes(code) ? undefined : colour);
      return "";
    })
    .join("");
}

function escapeXml(text) {
  return text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character]);
}
