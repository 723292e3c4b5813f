// Opens notebooks in JupyterLab with Chromium, uses them as people do, and looks
// at what they show.
//
//   node test.mjs PYTHON CHROMIUM REPOSITORY SCREENS
//
// The notebooks are copied to folders outside the repository: one with a go.mod
// of a course that asks for a version of this module which is nowhere to be had,
// one with none.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { startLab } from './lab.mjs';
import { openNotebook } from './notebook.mjs';

const [python, browserPath, repository, screens] = process.argv.slice(2);
const root = mkdtempSync(path.join(tmpdir(), 'cme-browser-'));
const state = path.join(root, '.state');
const shot = (name) => path.join(screens, `${name}.png`);
mkdirSync(state);
mkdirSync(screens, { recursive: true });

function place(from, to) {
  mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
  cpSync(path.join(repository, from), path.join(root, to));
}
place('notebooks/00_start_here.ipynb', 'course/lessons/00_start_here.ipynb');
writeFileSync(path.join(root, 'course/go.mod'), 'module example.org/course\n\ngo 1.26\n\nrequire github.com/gomlx-cme/cme v0.0.0\n');
place('kernelext/testdata/live.ipynb', 'notes/plain/live.ipynb');

let steps = 0;
async function step(name, body) {
  const begin = Date.now();
  await body();
  steps += 1;
  console.log(`ok   ${name}  ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

/** Every cell has run, none has failed, and figures can be read by everybody. */
function checkCells(cells, figures) {
  let found = 0;
  for (const cell of cells) {
    assert.ok(cell.count > 0, `cell ${cell.id} has not run`);
    for (const output of cell.outputs) {
      assert.notEqual(output.output_type, 'error', `cell ${cell.id} failed: ${output.evalue}`);
      const svg = output.data?.['image/svg+xml'];
      if (svg) {
        found += 1;
        assert.match([svg].flat().join(''), /aria-label="[^"]+"/, `a figure of cell ${cell.id} has no text for the blind`);
      }
    }
  }
  assert.ok(found >= figures, `${found} figures, expected at least ${figures}`);
}

/** The record of the newest run of a solver below the folder of the notebook. */
function record(pattern) {
  const runs = path.join(root, 'out/runs');
  const dir = readdirSync(runs).find((d) => pattern.test(d) && existsSync(path.join(runs, d, 'run.json')));
  return JSON.parse(readFileSync(path.join(runs, dir, 'run.json'), 'utf8'));
}

const lab = await startLab(python, root, state);
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let failed = false;
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
  page.setDefaultTimeout(120_000); // on a computer that others use as well

  let notebook;
  await step('a course folder with a go.mod of its own: all cells of 00_start_here', async () => {
    notebook = await openNotebook(page, lab, 'course/lessons/00_start_here.ipynb');
    await notebook.runAll(300_000);
    checkCells(await notebook.cells(), 3);
    await notebook.shot('first-plot', shot('start-first-plot'));
    await notebook.shot('moments', shot('start-moments'));
  });
  await step('the same figures are legible on a dark page', async () => {
    await notebook.theme('JupyterLab Dark');
    await notebook.shot('moments', shot('start-moments-dark'));
    await notebook.theme('JupyterLab Light');
  });

  await step('a folder without a go.mod: figures, formulas and tables of live', async () => {
    notebook = await openNotebook(page, lab, 'notes/plain/live.ipynb');
    for (const id of ['first-plot', 'formulas', 'controls']) await notebook.run(id);
    await (await notebook.cell('formulas')).locator('mjx-container').first().waitFor({ timeout: 30_000 });
    await notebook.shot('first-plot', shot('live-network'));
    await notebook.shot('formulas', shot('live-formulas'));
  });

  await step('a slider shows another figure', async () => {
    const controls = await notebook.cell('controls');
    const slider = controls.locator('input[type=range]');
    const visible = () => controls.locator('img[data-frame]:visible').first().getAttribute('alt');
    assert.match(await visible(), /binding rate = 1e-05/);
    await notebook.shot('controls', shot('live-slider-before'));
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.match(await visible(), /binding rate = 0.001/);
    assert.equal(await controls.locator('output').first().textContent(), '0.001');
    await notebook.shot('controls', shot('live-slider-after'));
    await controls.locator('select').selectOption({ label: 'joint law' });
    assert.match(await controls.locator('img[data-frame]:visible').last().getAttribute('alt'), /figure = joint law/);
  });

  await step('figures can be zoomed into where plotly.js is, are pictures where it is not, and ask nobody else for it', async () => {
    await page.setViewportSize({ width: 1100, height: 1500 }); // for pictures of all of it
    const asked = [];
    page.on('request', (r) => asked.push(r.url()));
    const cell = await notebook.cell('interactive');
    await page.route('**/plotly.min.js', (route) => route.abort());
    await notebook.run('interactive');
    await cell.getByText('plotly.js is not installed here').first().waitFor({ timeout: 30_000 });
    assert.equal(await cell.locator('img[data-static]:visible').count(), 2);
    assert.equal(await cell.locator('.js-plotly-plot').count(), 0);
    await notebook.shot('interactive', shot('live-interactive-picture'));

    await page.unroute('**/plotly.min.js');
    await notebook.run('interactive');
    await cell.locator('.js-plotly-plot .heatmaplayer image').waitFor({ timeout: 60_000, state: 'attached' });
    assert.equal(await cell.locator('.js-plotly-plot').count(), 2);
    assert.equal(await cell.locator('img[data-static]:visible').count(), 0);
    const signs = () => cell.locator('.js-plotly-plot').first().locator('.points path').count();
    const all = await signs();
    assert.ok(all > 50, `${all} signs`);
    await notebook.shot('interactive', shot('live-interactive'));
    // A click on the legend hides an answer.
    await cell.locator('.js-plotly-plot').first().locator('.legendtoggle').nth(1).click();
    for (const begin = Date.now(); await signs() === all; await page.waitForTimeout(200)) {
      assert.ok(Date.now() - begin < 30_000, 'a click on the legend hides nothing');
    }
    const strangers = asked.filter((url) => /^https?:/.test(url) && !url.startsWith(lab.address));
    assert.deepEqual(strangers, [], 'the page asks others');
    await page.setViewportSize({ width: 1100, height: 1000 });
  });

  await step('a live figure is drawn anew by the kernel', async () => {
    await notebook.start('live');
    const cell = await notebook.cell('live');
    await notebook.says('live', /Marginal distributions/, 60_000);
    const picture = () => cell.locator('.jp-OutputArea-output img').last().getAttribute('src');
    const before = await picture();
    await cell.locator('input[type=range]').focus();
    await page.keyboard.press('ArrowRight');
    for (const begin = Date.now(); await picture() === before; await page.waitForTimeout(200)) {
      assert.ok(Date.now() - begin < 60_000, 'the figure does not follow the slider');
    }
    await notebook.shot('live', shot('live-figure'));
    await cell.locator('button', { hasText: 'Done' }).click();
    await notebook.end(60_000);
    assert.match(await notebook.text('live'), /Marginal distributions/, 'the figure does not stay');
  });

  await step('a run is followed, interrupted, stopped by its button, and goes on from its checkpoints', async () => {
    await notebook.start('run');
    await notebook.says('run', /solve toggle-switch, [1-9][0-9]? %/, 180_000);
    await notebook.shot('run', shot('live-dashboard-running'));
    await notebook.interrupt();
    await notebook.end(60_000);
    assert.match(await notebook.text('run'), /run the cell again to go on/);
    await notebook.shot('run', shot('live-dashboard-interrupted'));
    assert.equal(record(/-solve-/).status, 'interrupted');
    const figures = (await notebook.cells()).find((c) => c.id === 'run').outputs.filter((o) => o.data?.['image/svg+xml']);
    assert.equal(figures.length, 1, 'the dashboard is one block');

    await notebook.start('run');
    await (await notebook.cell('run')).locator('button', { hasText: 'Stop' }).click({ timeout: 60_000 });
    await notebook.end(120_000);
    assert.match(await notebook.text('run'), /run the cell again to go on/);

    await notebook.run('run', 300_000);
    assert.match(await notebook.text('run'), /mean of Px at t = 0.25: 1[01]\.\d+/);
    await notebook.shot('run', shot('live-dashboard-done'));
    const { status, resumed } = record(/-solve-/);
    assert.deepEqual({ status, resumed }, { status: 'complete', resumed: 2 });

    const again = await notebook.run('run');
    assert.match(await notebook.text('run'), /mean of Px at t = 0.25/);
    console.log(`     the finished run again: ${again.toFixed(1)} s`);
  });

  await step('a run in the background survives the kernel, and is stopped', async () => {
    await notebook.run('background');
    assert.match(await notebook.text('background'), /running \(process \d+\)/);
    await notebook.restart();
    for (const id of ['first-plot', 'formulas', 'controls', 'run']) await notebook.run(id);
    await notebook.run('background');
    assert.match(await notebook.text('background'), /running \(process \d+\)/, 'it did not survive');
    await notebook.run('stop');
    assert.match(await notebook.text('stop'), /interrupted/);
    await notebook.shot('stop', shot('live-runs'));
  });

  await step('from kernel start to the first figure, and what a cell costs', async () => {
    const ready = await notebook.restart();
    const first = await notebook.run('first-plot');
    console.log(`     kernel ready after ${ready.toFixed(1)} s, first figure ${first.toFixed(1)} s later`);
  });
} catch (error) {
  failed = true;
  console.log(`FAIL after ${steps} steps: ${error.stack ?? error}`);
  const page = browser.contexts()[0]?.pages()[0];
  if (page) await page.screenshot({ path: shot('failed') });
} finally {
  await browser.close();
  await lab.stop();
  if (failed) console.log(`     left for a look: ${root}`);
  else rmSync(root, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
