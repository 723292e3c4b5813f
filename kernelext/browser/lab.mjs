// JupyterLab as a process, with settings of its own, on folders of its own.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** A port that nobody uses now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Cells off the screen must be drawn as well, and nothing saved behind our back. */
const settings = {
  '@jupyterlab/notebook-extension/tracker': { windowingMode: 'none' },
  '@jupyterlab/docmanager-extension/plugin': { autosave: false },
  '@jupyterlab/apputils-extension/notification': { fetchNews: 'false', checkForUpdates: false },
};

/** Starts JupyterLab on a folder; returns its address and a function that stops it. */
export async function startLab(python, root, state) {
  for (const [name, value] of Object.entries(settings)) {
    const file = path.join(state, 'settings', `${name}.jupyterlab-settings`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  }
  const port = await freePort(), token = randomBytes(16).toString('hex');
  const log = openSync(path.join(state, 'lab.log'), 'w');
  const lab = spawn(python, [
    '-m', 'jupyterlab', '--no-browser', '--allow-root', '--expose-app-in-browser', `--notebook-dir=${root}`,
    `--ServerApp.port=${port}`, '--ServerApp.port_retries=0', '--ServerApp.ip=127.0.0.1', `--IdentityProvider.token=${token}`,
    `--LabApp.user_settings_dir=${path.join(state, 'settings')}`, `--LabApp.workspaces_dir=${path.join(state, 'workspaces')}`,
  ], { stdio: ['ignore', log, log], env: { ...process.env, JUPYTER_CONFIG_DIR: path.join(state, 'config'), JUPYTER_RUNTIME_DIR: path.join(state, 'runtime') } });
  const address = `http://127.0.0.1:${port}`;
  let ended = false;
  lab.on('exit', () => { ended = true; });
  for (const begin = Date.now(); ;) {
    if (ended || Date.now() - begin > 180_000) throw new Error(`JupyterLab does not answer; see ${path.join(state, 'lab.log')}`);
    const answer = await fetch(`${address}/api/status?token=${token}`).catch(() => null);
    if (answer?.ok) break;
    await new Promise((r) => setTimeout(r, 200));
  }
  const stop = () => new Promise((resolve) => {
    if (ended) return resolve();
    lab.on('exit', resolve);
    lab.kill('SIGTERM');
    setTimeout(() => lab.kill('SIGKILL'), 5000).unref();
  });
  return { address, token, stop };
}
