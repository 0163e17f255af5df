import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {defaultRules} from '../../../config/defaults.ts';
import {renderAll, renderJsonSchema} from '../../../config/generate.ts';
import {renderExample} from '../../../config/generate-example.ts';
import {configSchema} from '../../../config/schema.ts';
import {metrics} from '../../../src/domain/metrics.ts';
import {createMachine, settingsOf} from './support.ts';

const root = new URL('../../../', import.meta.url);

test.each(Object.entries(renderAll()))('%s is fresh', async (path, text) => {
	expect(
		await readFile(fileURLToPath(new URL(path, root)), 'utf8'),
		'run: node config/generate.ts',
	).toBe(text);
});

test('the example has every key and validates as it is', async () => {
	const machine = await createMachine();
	const text = renderExample();
	await machine.write('here/opsconsole.yaml', text);
	const settings = settingsOf(await machine.load());
	expect(settings.problems).toEqual([]);
	for (const key of Object.keys(configSchema.entries))
		expect(text).toMatch(new RegExp(`^${key}:`, 'm'));
});

test('the JSON Schema is strict, describes every key and knows every metric', () => {
	const schema: unknown = JSON.parse(renderJsonSchema());
	expect(schema).toMatchObject({
		additionalProperties: false,
		properties: {thresholds: {additionalProperties: false}},
	});
	for (const key of Object.keys(configSchema.entries)) {
		expect(schema).toHaveProperty(['properties', key, 'description']);
	}

	for (const metric of Object.keys(metrics)) {
		expect(schema).toHaveProperty([
			'properties',
			'thresholds',
			'properties',
			metric,
			'description',
		]);
	}
});

test('every built-in rule is two-level in the right order or a state', () => {
	for (const {id, metric, warn, crit, direction} of defaultRules) {
		const isState = metrics[metric] === 'state';
		expect(
			[warn, crit].some(level => level !== undefined),
			id,
		).toBe(true);
		if (isState) expect([warn ?? 1, crit ?? 1], id).toEqual([1, 1]);
		if (warn === undefined || crit === undefined) continue;
		expect(direction === 'above' ? warn < crit : warn > crit, id).toBe(true);
	}
});
