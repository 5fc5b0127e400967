// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of `metapool report` and `metapool run` in headless Chromium: no message, no request,
// tables that sort, nothing serious found by axe-core, a PDF; and pictures of them for the eye.
//
// usage: node check_report.js METAPOOL SOURCE_DIR OUTPUT_DIR
// Exit status 77 where playwright-core, axe-core or Chromium is not installed.
'use strict';
const {execFileSync} = require('child_process');
const fs = require('fs');
const path = require('path');

const [metapool, source, output] = process.argv.slice(2);
const browsers = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser',
                  '/usr/bin/google-chrome'];
let failures = 0;

function load(name) {
  try {
    return require(name);
  } catch (error) {
    console.log(`skipped: ${name} is not installed; scripts/test --browser does it`);
    return process.exit(77);
  }
}

function expect(what, isTrue) {
  if (!isTrue) {
    failures++;
    console.log(`FAILED ${what}`);
  }
}

function makeReport(name, words) {
  const file = path.join(output, `${name}.html`);

  execFileSync(metapool, ['report', ...words, '-o', file]);
  return file;
}

function makeRun(name, analyses) {
  const folder = path.join(output, name);

  fs.rmSync(folder, {recursive: true, force: true});
  execFileSync(metapool, ['run', analyses, '-o', folder], {stdio: 'pipe'});
  return path.join(folder, 'index.html');
}

async function cells(page, column) {
  return page.$$eval('#studies tbody', (bodies, i) => bodies.map(
    body => Array.from(body.rows).filter(row => row.className !== 'section')
      .map(row => [row.cells[0].textContent, row.cells[i].dataset.value])), column);
}

function isSorted(values, sign) {
  const numbers = values.map(pair => parseFloat(pair[1]));

  return numbers.every((x, i) => i === 0 || Number.isNaN(x) ||
                                 sign * (x - numbers[i - 1]) >= 0);
}

function names(bodies) {
  return JSON.stringify(bodies.map(body => body.map(pair => pair[0]).sort()));
}

async function checkSorting(page, name) {
  const heads = await page.$$('#studies thead th');
  const before = names(await cells(page, 0));

  for (let i = 1; i < heads.length; i++) {
    for (const [order, sign] of [['ascending', 1], ['descending', -1]]) {
      await (await heads[i].$('button')).click();
      const bodies = await cells(page, i);

      expect(`${name}: column ${i} ${order}`, bodies.every(body => isSorted(body, sign)));
      expect(`${name}: no study is lost`, names(bodies) === before);
      expect(`${name}: aria-sort`, await heads[i].getAttribute('aria-sort') === order);
    }
  }
  await page.focus('#studies thead button');
  await page.keyboard.press('Enter');
  const first = (await cells(page, 0)).map(body => body.map(pair => pair[0]));
  const sorted = first.map(body => body.slice().sort(
    (a, b) => a.localeCompare(b, 'en', {numeric: true})));

  expect(`${name}: by name, from the keyboard`,
         JSON.stringify(first) === JSON.stringify(sorted));
}

async function checkAccess(page, name, axe) {
  // The policy allows no script but the page's own; the debugger is not bound by it.
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run());

  expect(`${name}: axe-core looked`, found.passes.length > 10);
  for (const problem of found.violations) {
    if (problem.impact === 'serious' || problem.impact === 'critical') {
      expect(`${name}: ${problem.id}: ${problem.help}: ` +
             problem.nodes.map(node => node.html.slice(0, 120)).join(' | '), false);
    }
  }
}

async function check(browser, name, file, axe) {
  for (const scheme of ['light', 'dark']) {
    const context = await browser.newContext({colorScheme: scheme, offline: true,
                                              viewport: {width: 1100, height: 900}});
    const page = await context.newPage();
    const requests = [];

    page.on('console', message => expect(`${name}: console: ${message.text()}`, false));
    page.on('pageerror', error => expect(`${name}: ${error}`, false));
    page.on('request', request => requests.push(request.url()));
    await page.goto(`file://${file}`);
    expect(`${name}: one request: ${requests}`, requests.length === 1);
    await page.screenshot({path: path.join(output, `${name}-${scheme}.png`), fullPage: true});
    await checkAccess(page, `${name}, ${scheme}`, axe);
    if (scheme === 'light') {
      if (await page.$('#studies')) {
        await checkSorting(page, name);
      }
      const pdf = await page.pdf({path: path.join(output, `${name}.pdf`)});
      expect(`${name}: a PDF`, pdf.subarray(0, 5).toString() === '%PDF-');
    }
    await context.close();
  }
  const narrow = await browser.newContext({viewport: {width: 360, height: 700}});
  const page = await narrow.newPage();

  await page.goto(`file://${file}`);
  expect(`${name}: a narrow page is not wider than the screen`, await page.evaluate(
    () => document.documentElement.scrollWidth <= window.innerWidth));
  await narrow.close();
}

async function main() {
  const {chromium} = load('playwright-core');
  const axe = load('axe-core');
  const executablePath = browsers.find(name => name && fs.existsSync(name));

  if (!executablePath) {
    console.log('skipped: there is no Chromium; CHROMIUM may say where it is');
    process.exit(77);
  }
  fs.mkdirSync(output, {recursive: true});
  const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
  const trials = [path.join(source, 'docs/examples/bcg.csv'), '--measure', 'OR', '--cell-a',
                  'tpos', '--cell-b', 'tneg', '--cell-c', 'cpos', '--cell-d', 'cneg', '--study',
                  'trial', '--baseline-risk', '0.01,0.05'];
  const cohorts = [path.join(source, 'datasets/nrm2024/studies.csv'), '--measure', 'PLO',
                   '--events', 'deaths', '--n', 'patients', '--study', 'study', '--by', 'entity'];

  await check(browser, 'trials', makeReport('trials', trials), axe);
  await check(browser, 'cohorts', makeReport('cohorts', cohorts), axe);
  await check(browser, 'figures',
              makeRun('figures', path.join(source, 'datasets/nrm2024/figures.yaml')), axe);
  await browser.close();
  console.log(`${failures} failures; pictures in ${output}`);
  process.exit(failures ? 1 : 0);
}

main();
