// Ends with 1 and one sentence unless this Node.js is one that the console's packages run on (engines of its package.json).
const wanted = require("../../gateway/src/main/webui/package.json").engines.node;
const here = process.versions.node.split(".").map(Number);

const fits = wanted.split("||").some((range) => {
  const [, operator, version] = range.trim().match(/^(\^|>=)(\d+\.\d+\.\d+)$/);
  const least = version.split(".").map(Number);
  const newer = here[0] - least[0] || here[1] - least[1] || here[2] - least[2];
  return newer >= 0 && (operator === ">=" || here[0] === least[0]);
});
if (!fits) {
  console.error(`Parley needs Node.js ${wanted} for the console; this is ${process.versions.node}.`);
  process.exit(1);
}
