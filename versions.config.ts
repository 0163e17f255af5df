import {defineConfig} from 'vitest/config';

// Not among the projects of `npm test`: it makes images of other Debian releases, and takes minutes.
export default defineConfig({
	test: {
		name: 'versions',
		include: ['test/versions/**/*.test.ts'],
		// One server after another, so that the machine stays of use for others.
		fileParallelism: false,
		testTimeout: 120_000,
		hookTimeout: 180_000,
	},
});
