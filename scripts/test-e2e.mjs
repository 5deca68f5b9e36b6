import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { findChromium, installPlaywrightChromium } from './chromium.mjs';
import { hasProgram } from './debian.mjs';
import { whyNoDisplay } from './display.mjs';
import { downloadElectron, installedElectron, isRoot, providedElectron } from './electron-runtime.mjs';
import { readReport } from './test-unit.mjs';

/** Runs each Playwright project that this machine can run; the others are skipped with a reason. */
export function runEndToEnd(root) {
  const chromium = prepareChromium(root);
  const desktop = prepareDesktop(root);
  const { why, wrapper } = desktop;
  return [
    chromium.why ? skipped('browser', chromium.why) : runProject(root, 'browser'),
    why ? skipped('electron', why) : runProject(root, 'electron', { wrapper }),
    why ? skipped('packaged', why) : runPackaged(root, wrapper),
    runSuddenDeath(root, desktop),
  ];
}

const skipped = (name, why) => ({ name, passed: 0, failed: 0, skips: [{ where: name, why }] });

function prepareChromium(root) {
  if (!findChromium()) installPlaywrightChromium(root);
  const path = findChromium();
  if (!path) return { why: 'no Chromium was found, and Playwright could not download one' };
  process.env.ARCHIPEL_CHROMIUM = path;
  return {};
}

/** An Electron to drive, and what gives it a display where there is none. */
function prepareDesktop(root) {
  const runtime = installedElectron(root) ?? providedElectron(root);
  const { runtime: found, why } = runtime ? { runtime } : downloadElectron(root);
  if (!found) return { why };
  process.env.ELECTRON_OVERRIDE_DIST_PATH = found.directory;
  if (isRoot()) process.env.ELECTRON_DISABLE_SANDBOX = '1';
  console.log(`Electron ${found.version} from ${found.origin}`);

  const noDisplay = whyNoDisplay();
  if (!noDisplay) return { wrapper: [] };
  if (!hasProgram('xvfb-run')) return { why: `${noDisplay}, and xvfb-run is not installed` };
  return { wrapper: ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24'] };
}

/** Command line and engine can be killed without a window too. */
function runSuddenDeath(root, { why, wrapper }) {
  if (!why) return runProject(root, 'sudden-death', { wrapper });
  const suite = runProject(root, 'sudden-death', { args: ['--grep-invert=desktop app'] });
  return { ...suite, skips: [...suite.skips, { where: 'sudden-death', test: 'SIGKILL of the desktop app', why }] };
}

function runPackaged(root, wrapper) {
  const script = join(root, 'scripts/package.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--unpacked'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return runProject(root, 'packaged', { wrapper });
  console.error(`${stdout}\n${stderr}`);
  return { name: 'packaged', passed: 0, failed: 0, skips: [], broken: 'the app cannot be packaged, see above' };
}

function runProject(root, name, { wrapper = [], args: more = [] } = {}) {
  const report = join(root, `test-results/playwright-${name}.json`);
  rmSync(report, { force: true });
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const [command, ...args] = [...wrapper, process.execPath, cli, 'test', `--project=${name}`, '--reporter=list,json'];
  const output = join(root, 'test-results', name);
  spawnSync(command, [...args, `--output=${output}`, ...more], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  const result = readReport(report);
  if (!result) return { name, passed: 0, failed: 0, skips: [], broken: `the ${name} suite ended without a report` };
  const { expected, unexpected, flaky } = result.stats;
  const [error] = result.errors;
  const broken = error && `${name}: ${stripVTControlCharacters(error.message).split('\n')[0]}`;
  const none = expected + unexpected + flaky === 0 ? `the ${name} suite ran no test` : undefined;
  const tests = result.suites.flatMap(testsOf).map((test) => ({ ...test, where: name }));
  return {
    name,
    passed: expected,
    failed: unexpected + flaky,
    skips: tests
      .filter(({ status }) => status === 'skipped')
      .map(({ where, test, annotations }) => ({
        where,
        test,
        why: annotations[0]?.description ?? 'it says no reason',
      })),
    failures: tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ where, test, results }) => ({ where, test, message: results.map(messageOf).join('\n') })),
    broken: broken ?? none,
  };
}

const testsOf = (suite) => [
  ...(suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ ...test, test: `${spec.file}: ${spec.title}` })),
  ),
  ...(suite.suites ?? []).flatMap(testsOf),
];

const messageOf = ({ errors }) => errors.map(({ message }) => message ?? '').join('\n');
