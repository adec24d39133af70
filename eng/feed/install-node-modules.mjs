// Installs what package-lock.json names, once, however many builds ask for it at the same time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';

const lock = '.npm-install.lock';
const installed = 'node_modules/.installed';
const abandonedAfterMs = 15 * 60 * 1000;

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function acquire() {
  for (;;) {
    try {
      return mkdirSync(lock);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (Date.now() - modified(lock) > abandonedAfterMs) rmdirSync(lock);
      else pause(200);
    }
  }
}

acquire();
try {
  if (modified(installed) < modified('package-lock.json')) {
    const windows = process.platform === 'win32';
    execFileSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit', shell: windows });
    writeFileSync(installed, '');
  }
} finally {
  rmdirSync(lock);
}
