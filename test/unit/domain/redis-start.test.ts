import {describe, expect, it} from 'vitest';
import {configFileOf, lostSettings, startSettings} from '../../../src/domain/redis-start.ts';

const running = new Map([
	['maxmemory', '536870912'],
	['maxmemory-policy', 'allkeys-lru'],
	['save', '60 1000'],
	['appendonly', 'no'],
]);
const lostNames = (argv: readonly string[], file?: string) => {
	const start = startSettings(argv, file);
	return start && lostSettings(running, start).map(({name}) => name);
};

describe('what the next start of Redis gives', () => {
	it('reads the command line', () => {
		const argv = [
			...['docker-entrypoint.sh', 'redis-server', '--maxmemory', '512mb'],
			...['--maxmemory-policy', 'allkeys-lru', '--save', '60', '1000'],
		];
		expect(lostNames(argv)).toEqual([]);
		expect(lostNames(['redis-server', '--save', '60', '1000'])).toEqual([
			'maxmemory',
			'maxmemory-policy',
		]);
	});

	it('reads the file, and the command line over it', () => {
		const argv = ['/usr/bin/redis-server', '/etc/redis.conf', '--maxmemory', '512mb'];
		const file = 'maxmemory 1gb\n# note\nmaxmemory-policy "allkeys-lru"\nsave ""\nsave 60 1000\n';
		expect(configFileOf(argv)).toBe('/etc/redis.conf');
		expect(lostNames(argv, file)).toEqual([]);
		expect(lostNames(argv.slice(0, 2), file)).toEqual(['maxmemory']);
	});

	it('does not guess', () => {
		expect(lostNames(['sh', '-c', 'redis-server --maxmemory 1gb'])).toBeUndefined();
		expect(lostNames(['redis-server', '/etc/redis.conf'])).toBeUndefined();
		expect(lostNames(['redis-server', '/etc/redis.conf'], 'include other.conf')).toBeUndefined();
		// The built-in save points differ between versions.
		expect(lostSettings(new Map([['save', '3600 1']]), new Map())).toEqual([]);
	});
});
