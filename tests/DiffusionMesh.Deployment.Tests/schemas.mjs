// Checks Kubernetes documents (a JSON array on standard input) against the published schemas, and prints what is wrong with
// them as a JSON array of lines.
import { text } from 'node:stream/consumers';

const problems = [];
for (const document of JSON.parse(await text(process.stdin))) {
  const { apiVersion, kind, metadata } = document;
  const place = `${kind} ${metadata?.name}`;
  const schema = await schemaOf(apiVersion, kind);
  if (!schema) {
    problems.push(`${place}: there is no ${kind} in ${apiVersion}`);
    continue;
  }

  // Kubernetes takes base64 in lines, which kustomize writes; the schema's format does not say so.
  if (kind === 'Secret') for (const key in document.data) document.data[key] = document.data[key].replaceAll('\n', '');

  const reads = new Map();
  try {
    schema.prototype.validate.call(watched(document, reads));
    problems.push(...unread(document, reads, '').map((path) => `${place}${path}: there is no such field`));
  } catch (error) {
    problems.push(`${place}: ${error.message}`);
  }
}

console.log(JSON.stringify(problems));

async function schemaOf(apiVersion, kind) {
  const models = apiVersion.startsWith('keda.sh/') ? `@kubernetes-models/keda/${apiVersion}` : `kubernetes-models/${apiVersion}`;
  return (await import(models).catch(() => ({})))[kind];
}

// The schemas let unknown fields pass. But a field that a schema knows is read when it is checked.
function watched(value, reads) {
  if (value === null || typeof value !== 'object') return value;
  const read = new Set();
  reads.set(value, read);
  const parts = new Map();
  return new Proxy(value, {
    get(target, key) {
      read.add(key);
      if (!parts.has(key)) parts.set(key, watched(target[key], reads));
      return parts.get(key);
    },
  });
}

function unread(value, reads, path) {
  const read = reads.get(value);
  if (!read) return [];
  return Object.keys(value).flatMap((key) => (read.has(key) ? unread(value[key], reads, `${path}/${key}`) : [`${path}/${key}`]));
}
