import {expect, test} from 'vitest';
import {createCompressor} from '../../../src/operations/logs/gzip.ts';

test('a file that takes nothing any more ends the writing', async () => {
	const compressor = createCompressor({
		write: () => Promise.reject(new Error('ENOSPC')),
		finish: () => Promise.reject(new Error('not here')),
		discard: () => Promise.resolve(),
	});
	// So much, and so little alike, that it does not fit into any buffer.
	const noise = Uint8Array.from({length: 256 * 1024}, (_, at) => (at * 2_654_435_761) >>> 13);
	const writing = async () => {
		for (let count = 0; count < 100; count += 1) await compressor.write(noise);
		await compressor.finish();
	};
	await expect(writing()).rejects.toThrow('ENOSPC');
});
