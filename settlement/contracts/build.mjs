// Compiles src/*.sol with the pinned compiler and writes one JSON artifact per contract into the module's resources.
// Run `npm ci && npm run build` here after a source changed; a test compares the artifacts' source hashes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/main/resources/dev/candor/settlement/contracts");
const contracts = ["OPG", "ReceiptAnchor", "UptoPermit2Proxy", "ExactPermit2Proxy"];
const names = readdirSync(join(here, "src")).filter((n) => n.endsWith(".sol")).sort();

const hash = createHash("sha256");
const sources = {};
for (const name of names) {
  const text = readFileSync(join(here, "src", name), "utf8");
  sources[name] = { content: text };
  hash.update(`${name}\n${Buffer.byteLength(text)}\n${text}`);
}

const settings = {
  optimizer: { enabled: true, runs: 10000 },
  evmVersion: "cancun",
  metadata: { appendCBOR: false },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};
const dependency = (path) => {
  const file = join(here, "node_modules", path);
  return existsSync(file) ? { contents: readFileSync(file, "utf8") } : { error: `not found: ${path}; run npm ci` };
};
const result = JSON.parse(
  solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: dependency }),
);
for (const e of result.errors ?? []) console.error(e.formattedMessage);
if ((result.errors ?? []).length > 0) process.exit(1);

const version = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).devDependencies;
mkdirSync(out, { recursive: true });
for (const name of contracts) {
  const c = result.contracts[`${name}.sol`][name];
  const artifact = {
    contract: name,
    compiler: solc.version(),
    evmVersion: settings.evmVersion,
    openzeppelin: version["@openzeppelin/contracts"],
    sourceHash: hash.copy().digest("hex"),
    abi: c.abi,
    bytecode: "0x" + c.evm.bytecode.object,
    deployedBytecode: "0x" + c.evm.deployedBytecode.object,
  };
  writeFileSync(join(out, `${name}.json`), JSON.stringify(artifact, null, 1) + "\n");
}
