"use strict";
// Makes npm's WebAssembly solc answer like the native executable, as far as standard JSON needs it.
// usage: node solc_shim.cjs <path of the solc module> <its version> [arguments of solc]
const fs = require("fs");

const [modulePath, version, ...args] = process.argv.slice(2);

if (args.includes("--version")) {
  // Answered without loading the compiler: callers ask before each run.
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
  process.exit(0);
}
const unknown = args.filter((arg) => arg !== "--standard-json" && arg !== "-");
if (unknown.length || !args.includes("--standard-json")) {
  process.stderr.write(`this solc compiles --standard-json from its input only, not: ${args.join(" ")}\n`);
  process.exit(1);
}

const solc = require(modulePath);
process.removeAllListeners("uncaughtException"); // the module's own listener would swallow our errors

// WebAssembly prints the negative AST ids of built-ins as unsigned words; native solc prints them negative.
const signed = (id) => (id >= 2 ** 31 ? id - 2 ** 32 : Number(id));
const withSignedIds = (json) =>
  json
    .replace(/"referencedDeclaration":(\d{10})/g, (_, id) => `"referencedDeclaration":${signed(id)}`)
    .replace(
      /"overloadedDeclarations":\[([\d,]+)\]/g,
      (_, ids) => `"overloadedDeclarations":[${ids.split(",").map(signed)}]`,
    );

const output = Buffer.from(withSignedIds(solc.compile(fs.readFileSync(0, "utf8"))));
for (let written = 0; written < output.length; ) {
  try {
    written += fs.writeSync(1, output, written);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error; // a full pipe: its reader is slower than we are
  }
}
