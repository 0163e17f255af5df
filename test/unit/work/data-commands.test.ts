import {expect, test} from 'vitest';
import {
	dataBackups,
	dataRestores,
	diskCommand,
	redisCommand,
} from '../../../src/work/data-commands.ts';

test('words become requests', () => {
	expect(dataBackups.redis([], {})).toEqual({operation: 'backup-redis', request: {}});
	expect(dataBackups.files(['shop'], {})).toEqual({
		operation: 'backup-files',
		request: {set: 'shop'},
	});
	expect(dataRestores.redis(['latest', 'cache'], {'with-replicas': true}).request).toEqual({
		backup: 'latest',
		redis: 'cache',
		withReplicas: true,
	});
	expect(dataRestores.files(['latest'], {only: 'nginx/*'}).request).toEqual({
		backup: 'latest',
		only: 'nginx/*',
	});
	expect(redisCommand.parse(['memory', '512mb'], {persist: true})).toEqual({
		operation: 'set-redis-memory',
		request: {value: '512mb', persist: true},
	});
	expect(redisCommand.parse(['delete', 'old:'], {database: '3'}).request).toEqual({
		prefix: 'old:',
		database: 3,
	});
	expect(diskCommand.parse(['images'], {days: '30'})).toEqual({
		operation: 'clean-images',
		request: {days: 30},
	});
});

test.each([
	['restore redis without an id', () => dataRestores.redis([], {})],
	['an unknown setting', () => redisCommand.parse(['constructor', '1'], {})],
	['no prefix', () => redisCommand.parse(['delete'], {})],
	['one word too many', () => dataBackups.redis(['a', 'b'], {})],
	['something else to clean', () => diskCommand.parse(['volumes'], {})],
	['days that are no number', () => diskCommand.parse(['logs'], {days: 'all'})],
])('refused: %s', (_case, parse) => {
	expect(parse).toThrow(Error);
});
