import {expect, test} from 'vitest';
import {
	parseKill,
	parseProject,
	parseScale,
	parseServices,
} from '../../../src/operations/services/request.ts';

test('good requests are taken', () => {
	expect(parseServices({services: ['a', 'b', 'a'], project: 'p'})).toEqual({
		services: ['a', 'b'],
		project: 'p',
	});
	expect(parseServices({services: 'all'})).toEqual({services: 'all'});
	expect(parseKill({services: ['a']})).toEqual({services: ['a'], signal: 'SIGKILL'});
	expect(parseKill({services: ['a'], signal: 'hup'}).signal).toBe('SIGHUP');
	expect(parseScale({service: 'a', count: 3})).toEqual({service: 'a', count: 3});
	expect(parseProject({})).toEqual({});
});

test.each([
	undefined,
	[],
	'all',
	{},
	{services: []},
	{services: [1]},
	{services: ['']},
	{services: ['x'.repeat(301)]},
	{services: 'everything'},
	{services: ['a'], project: 7},
	{services: ['a'], force: true},
])('%j is refused', request => {
	expect(() => parseServices(request)).toThrow('service-request');
});

test('signals and counts that make no sense are refused', () => {
	expect(() => parseKill({services: ['a'], signal: 'SEGV'})).toThrow('service-request');
	for (const count of [0, -1, 1.5, 101, '2', undefined, Number.NaN]) {
		expect(() => parseScale({service: 'a', count})).toThrow('service-request');
	}
});
