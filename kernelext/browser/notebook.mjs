// A notebook in an open page of JupyterLab.

/** Opens a notebook and waits for its kernel. */
export async function openNotebook(page, lab, file) {
  await page.goto(`${lab.address}/lab/tree/${file}?token=${lab.token}&reset`);
  const notebook = new Notebook(page);
  await page.waitForFunction(() => window.jupyterapp?.shell.currentWidget?.content?.model?.cells?.length > 0, null, { timeout: 60_000 });
  await notebook.idle(120_000);
  return notebook;
}

class Notebook {
  constructor(page) { this.page = page; }

  /** Waits until a kernel is there that has nothing to do. GoNB says nothing of itself before its first cell. */
  async idle(timeout) {
    await this.page.waitForFunction(() => {
      const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
      return kernel?.connectionStatus === 'connected' && ['idle', 'unknown'].includes(kernel.status);
    }, null, { timeout });
  }

  /** Starts a command and does not wait for its end. */
  async begin(command) {
    await this.page.evaluate((command) => {
      window.ended = false;
      window.jupyterapp.commands.execute(command).finally(() => { window.ended = true; });
    }, command);
  }

  /** Waits for the end of what was begun. */
  async end(timeout) {
    await this.page.waitForFunction(() => window.ended, null, { timeout });
    await this.idle(timeout);
  }

  /** Runs all cells and waits for the last. */
  async runAll(timeout) {
    await this.begin('notebook:run-all-cells');
    await this.end(timeout);
  }

  /** Starts the cell with an id and does not wait. */
  async start(id) {
    await this.page.evaluate((id) => {
      const { content } = window.jupyterapp.shell.currentWidget;
      content.deselectAll();
      content.activeCellIndex = content.widgets.findIndex((c) => c.model.id === id);
    }, id);
    await this.begin('notebook:run-cell');
  }

  /** Runs the cell with an id to its end, and returns the seconds that this took. */
  async run(id, timeout = 120_000) {
    const begin = Date.now();
    await this.start(id);
    await this.end(timeout);
    return (Date.now() - begin) / 1000;
  }

  interrupt() { return this.page.evaluate(() => window.jupyterapp.commands.execute('notebook:interrupt-kernel')); }

  /** Restarts the kernel; returns the seconds until it is ready. */
  async restart() {
    const begin = Date.now();
    await this.page.evaluate(() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart());
    await this.idle(120_000);
    return (Date.now() - begin) / 1000;
  }

  theme(name) { return this.page.evaluate((theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme }), name); }

  /** What the cells hold: for each its outputs as they would be saved. */
  cells() {
    return this.page.evaluate(() => window.jupyterapp.shell.currentWidget.content.widgets
      .filter((c) => c.model.type === 'code')
      .map((c) => ({ id: c.model.id, count: c.model.executionCount, outputs: c.model.outputs.toJSON() })));
  }

  /** The outputs of one cell as text. */
  async text(id) {
    const cell = (await this.cells()).find((c) => c.id === id);
    return cell.outputs.map((o) => o.text ?? `${o.data?.['text/plain'] ?? ''}\n${o.data?.['text/html'] ?? ''}`).flat().join('\n');
  }

  /** Waits until the outputs of a cell say something. A figure is a picture in the page: its text is that for the blind. */
  async says(id, pattern, timeout) {
    for (const begin = Date.now(); !pattern.test(await this.text(id)); await this.page.waitForTimeout(200)) {
      if (Date.now() - begin > timeout) throw new Error(`cell ${id} does not say ${pattern}, but:\n${await this.text(id)}`);
    }
  }

  /** The place of a cell in the page. */
  async cell(id) {
    const at = await this.page.evaluate((id) => window.jupyterapp.shell.currentWidget.content.widgets.findIndex((c) => c.model.id === id), id);
    return this.page.locator('.jp-Notebook .jp-Cell').nth(at);
  }

  /** A picture of the outputs of one cell. */
  async shot(id, file) {
    const cell = await this.cell(id);
    await cell.scrollIntoViewIfNeeded();
    await cell.locator('.jp-Cell-outputArea').screenshot({ path: file });
  }
}
