import {expect, test} from 'vitest';
import {assertReadOnly} from '../../../src/domain/redis-commands.ts';

test.each([
	['PING', []],
	['info', ['everything']],
	['SLOWLOG', ['get', 10]],
	['CONFIG', ['GET', 'maxmemory-policy']],
	['MEMORY', ['USAGE', 'key', 'SAMPLES', 5]],
	['SCAN', ['0', 'COUNT', 20]],
	['CLIENT', ['SETNAME', 'opsconsole']],
])('%s %j is allowed', (command, args) => {
	expect(() => {
		assertReadOnly(command, args);
	}).not.toThrow();
});

test.each([
	['KEYS', ['*']],
	['keys', ['*']],
	['MONITOR', []],
	['DEBUG', ['SLEEP', 1]],
	['SET', ['a', '1']],
	['GET', ['a']],
	['DEL', ['a']],
	['FLUSHALL', []],
	['EVAL', ['return 1', 0]],
	['SHUTDOWN', []],
	['SAVE', []],
	['BGSAVE', []],
	['AUTH', ['password']],
	['SUBSCRIBE', ['a']],
	['SLOWLOG', ['RESET']],
	['LATENCY', ['RESET']],
	['MEMORY', ['PURGE']],
	['CLIENT', ['KILL', 'TYPE', 'normal']],
	['CLIENT', ['NO-EVICT', 'ON']],
	['CLIENT', []],
	['ACL', ['SETUSER', 'x']],
	['CONFIG', ['SET', 'maxmemory', '1']],
	['CONFIG', ['GET', '*']],
	['CONFIG', ['GET', 'requirepass']],
	['CONFIG', ['GET', 'maxmemory', 'requirepass']],
	['CONFIG', ['GET']],
	['constructor', []],
	['toString', []],
	['', []],
])('%s %j is refused as a mistake of the program', (command, args) => {
	expect(() => {
		assertReadOnly(command, args);
	}).toThrow(/not on the list of reads/);
});
