// Runs two files of one network in ONNX Runtime over the same random inputs and prints how far apart their outputs are.
//
//     npm install onnxruntime-node && node models/training/compare.mjs A.onnx B.onnx
//
// t takes its values in turn, so that a row speaks for a time.
import ort from "onnxruntime-node";

const ROWS = 8;
const SIZES = { H: 32, W: 32, h: 8, w: 8 };
const TIMES = [1, 0.99, 0.9, 0.7, 0.5, 0.1, 0.01, 0.001];

let seed = 1;
function uniform() {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return (seed + 0.5) / 2147483648;
}
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

function feed({ name, type, shape }) {
  const known = shape.map((dimension) => (typeof dimension === "number" ? dimension : (SIZES[dimension] ?? ROWS)));
  const size = known.reduce((product, dimension) => product * dimension, 1);
  if (type === "int64") return new ort.Tensor(type, BigInt64Array.from({ length: size }, (_, i) => BigInt(i)), known);
  return new ort.Tensor(type, Float32Array.from({ length: size }, (_, i) => (name === "t" ? TIMES[i] : normal())), known);
}

const [a, b] = await Promise.all(process.argv.slice(2, 4).map((path) => ort.InferenceSession.create(path, { logSeverityLevel: 3 })));
const feeds = Object.fromEntries(a.inputMetadata.filter(({ name }) => name !== "skip_scale").map((input) => [input.name, feed(input)]));
const [expected, got] = (await Promise.all([a.run(feeds), b.run(feeds)])).map((outputs) => Object.values(outputs)[0].data);

const width = expected.length / ROWS;
for (let row = 0; row < ROWS; row++) {
  let [largest, error, power] = [0, 0, 0];
  for (let i = row * width; i < (row + 1) * width; i++) {
    const difference = got[i] - expected[i];
    largest = Math.max(largest, Math.abs(difference));
    error += difference ** 2;
    power += expected[i] ** 2;
  }
  const time = "t" in feeds ? `t ${TIMES[row]}: ` : "";
  console.log(`${time}largest difference ${largest.toExponential(1)}, relative (root mean square) ${Math.sqrt(error / power).toExponential(1)}`);
}
