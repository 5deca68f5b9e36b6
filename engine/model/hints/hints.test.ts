import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, edge, node } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { openDocument } from '../../documents/open.ts';
import { examplesDirectory, listTemplates } from '../../documents/templates.ts';
import { parseDocument } from '../parse.ts';
import { cases } from './documents.fixture.ts';
import { provable } from './hint.ts';
import { hintRules, hintsOf, proofDocument } from './index.ts';
import { sightOf } from './sight.ts';

const found = (draft: Record<string, unknown>, rule: string) =>
  hintsOf(documentOf(draft), catalogue).filter((hint) => hint.rule === rule);

describe.each(hintRules.map(({ rule }) => rule))('the hint %s', (rule) => {
  const { weak, sound } = cases[rule] ?? { weak: {}, sound: {} };

  it('names the place of the weakness and why it is one', () => {
    const [hint, ...others] = found(weak, rule);
    expect(others).toEqual([]);
    const document = documentOf(weak);
    expect(hint?.reason.length).toBeGreaterThan(60);
    expect(hint?.advice.length).toBeGreaterThan(30);
    const known = [...document.nodes, ...document.edges].map(({ id }) => id);
    const places = [...(hint?.nodes ?? []), ...(hint?.edges ?? [])];
    expect(places.length).toBeGreaterThan(0);
    expect(places.filter((id) => !known.includes(id))).toEqual([]);
  });

  it('is silent where the weakness is mended', () => {
    expect(found(sound, rule)).toEqual([]);
  });

  it('brings an experiment that is valid in its document and leaves the document as it is', () => {
    const document = documentOf(weak);
    const before = structuredClone(document);
    const [hint] = found(weak, rule);
    const proof = hint && provable(hint);
    if (!proof) throw new Error(JSON.stringify(hint?.proof));
    const parsed = parseDocument(proofDocument(document, proof), catalogue);
    expect(parsed.ok ? [] : parsed.errors).toEqual([]);
    expect(document).toEqual(before);
  });
});

describe('hints', () => {
  it('have ids that differ', () => {
    for (const { weak } of Object.values(cases)) {
      const ids = hintsOf(documentOf(weak), catalogue).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('take no name that the document has', () => {
    const weak = cases['single-point-of-failure']?.weak ?? {};
    const [hint] = found(weak, 'single-point-of-failure');
    const first = hint && provable(hint);
    const document = documentOf(weak);
    const again = hintsOf(
      { ...document, scenarios: [...document.scenarios, ...(first ? [first.scenario] : [])] },
      catalogue,
    ).find(({ rule }) => rule === 'single-point-of-failure');
    expect(again && provable(again)?.scenario.name).not.toBe(first?.scenario.name);
  });

  it('say why no experiment can be made where a server is the user’s own', () => {
    const weak = structuredClone(cases['shared-database']?.weak) as { nodes: { id: string; config: object }[] };
    for (const node of weak.nodes) if (node.id === 'store') node.config = { url: 'postgres://somewhere/shop' };
    const [hint] = found(weak as never, 'shared-database');
    expect(hint?.proof).toEqual({ missing: expect.stringContaining('your own') });
  });

  it('bring valid experiments for every example, and however little traffic there is', async () => {
    const templates = await listTemplates();
    expect(templates.length).toBeGreaterThan(3);
    for (const { path } of templates) {
      const { document } = await openDocument(path);
      const quiet = {
        ...document,
        scenarios: document.scenarios.map((scenario) => ({
          ...scenario,
          traffic: scenario.traffic.map((source) =>
            'ratePerSec' in source ? { ...source, ratePerSec: 0.01 } : source,
          ),
        })),
      };
      for (const variant of [document, quiet])
        for (const hint of hintsOf(variant, catalogue)) {
          const proof = provable(hint);
          if (!proof) continue;
          const parsed = parseDocument(proofDocument(variant, proof), catalogue);
          expect(parsed.ok ? [] : parsed.errors, `${path} ${hint.id}`).toEqual([]);
        }
    }
  });

  it.each([
    ['cache-stampede', 'cache-without-single-flight', /^each$/],
    ['load-balancer-sinkhole', 'no-health-checks', /^trusting$/],
    ['metastable-retry-storm', 'retries-without-budget', /^eager$/],
    ['goodput-collapse', 'oversized-queue', /^long$/],
    ['timeout-cascade', 'long-timeout', /^patient-/],
  ])('find in the example %s the side that fails, by %s, and not its cure', async (name, rule, failing) => {
    const { document } = await openDocument(join(examplesDirectory(), `${name}.archipel.json`));
    const places = hintsOf(document, catalogue).flatMap((hint) => (hint.rule === rule ? hint.nodes.slice(0, 1) : []));
    expect(places.length).toBeGreaterThan(0);
    for (const place of places) expect(place).toMatch(failing);
  });

  it('take a delivery for what its broker speaks, though it leads to a service', () => {
    const { protocolOf, document } = sightOf(
      documentOf({
        nodes: [node('shop', 'service'), node('broker', 'broker-kafka'), node('worker', 'service')],
        edges: [edge('shop', 'broker'), edge('broker', 'worker'), edge('worker', 'shop')],
      }),
      catalogue,
    );
    expect(document.edges.map(protocolOf)).toEqual(['kafka', 'kafka', 'http']);
  });

  it('are none for a document with problems', () => {
    const document = documentOf(cases['single-point-of-failure']?.weak ?? {});
    expect(hintsOf({ ...document, edges: [] }, catalogue)).toEqual([]);
  });
});
