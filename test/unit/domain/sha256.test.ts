import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {createSha256} from '../../../src/domain/sha256.ts';

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_001])('a text of %i bytes', length => {
	const bytes = Uint8Array.from({length}, (_, index) => (index * 31) % 251);
	const sum = createSha256();
	for (let at = 0; at < length; at += 37) sum.add(bytes.subarray(at, at + 37));
	expect(sum.hex()).toBe(createHash('sha256').update(bytes).digest('hex'));
});
