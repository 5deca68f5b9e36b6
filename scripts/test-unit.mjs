import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Runs Vitest and reads its own count. */
export function runUnit(root) {
  const report = join(root, 'test-results/vitest.json');
  rmSync(report, { force: true });
  const cli = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, [cli, 'run', ...reporters], { cwd: root, stdio: 'inherit' });
  const result = readReport(report);
  if (!result) return { name: 'unit', passed: 0, failed: 0, skips: [], broken: 'Vitest ended without a report' };

  // Unit tests are skipped for one reason alone: what they test is not on this system, or not for this user.
  const here = `${process.platform}${process.getuid?.() === 0 ? ' as root' : ''}`;
  const why = `what it needs is not here (${here})`;
  const tests = result.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, where: relative(root, file.name), test: test.fullName })),
  );
  return {
    name: 'unit',
    passed: result.numPassedTests,
    failed: result.numFailedTests,
    skips: tests
      .filter(({ status }) => status === 'pending' || status === 'skipped' || status === 'todo')
      .map(({ where, test }) => ({ where, test, why })),
    failures: tests
      .filter(({ status }) => status === 'failed')
      .map(({ where, test, failureMessages }) => ({ where, test, message: failureMessages.join('\n') })),
    // E.g. a file that cannot be imported, or an error outside any test.
    broken: status !== 0 && result.numFailedTests === 0 ? `Vitest ended with code ${status}` : undefined,
  };
}

export function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
