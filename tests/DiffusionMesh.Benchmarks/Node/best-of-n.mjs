// What one would write instead of `dmesh search`: draw noise, ten Euler steps or so of the linear flow, score the image,
// keep the best.
//
//   node best-of-n.mjs DENOISER VERIFIER CLASS STEPS
//
// Each line of standard input, "IMAGES BATCH", is one search; the answer is {"seconds", "best"} as a line of JSON.
import readline from 'node:readline';
import ort from 'onnxruntime-node';

const PIXELS = 32 * 32;
const TEXT = 64;

const [denoiserFile, verifierFile, classLabel, steps] = process.argv.slice(2);
const denoiser = await ort.InferenceSession.create(denoiserFile);
const verifier = await ort.InferenceSession.create(verifierFile);

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [images, batch] = line.split(' ').map(Number);
  const start = performance.now();
  const best = await search(images, batch);
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, best }));
}

async function search(images, batch) {
  let best = -Infinity;
  for (let done = 0; done < images; done += batch) {
    const x = await sample(Math.min(batch, images - done));
    best = Math.max(best, ...await score(x));
  }
  return best;
}

async function sample(count) {
  const x = normals(count * PIXELS);
  const classes = new BigInt64Array(count).fill(BigInt(classLabel));
  const text = new ort.Tensor('float32', new Float32Array(count * TEXT), [count, TEXT]);
  for (let step = 0; step < steps; step++) {
    const { velocity } = await denoiser.run({
      x: new ort.Tensor('float32', x, [count, 1, 32, 32]),
      t: new ort.Tensor('float32', new Float32Array(count).fill(1 - step / steps), [count]),
      class_label: new ort.Tensor('int64', classes, [count]),
      text_embedding: text,
    });
    for (let i = 0; i < x.length; i++) {
      x[i] -= velocity.data[i] / steps;
    }
  }
  return x;
}

async function score(x) {
  const images = new ort.Tensor('float32', x.map(value => Math.min(1, Math.max(-1, value))), [x.length / PIXELS, 1, 32, 32]);
  const { logits } = await verifier.run({ images });
  const [count, classes] = logits.dims;
  return Array.from({ length: count }, (_, i) => logits.data[i * classes + Number(classLabel)]);
}

// Box and Muller.
function normals(length) {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const angle = 2 * Math.PI * Math.random();
    values[i] = radius * Math.cos(angle);
    values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
