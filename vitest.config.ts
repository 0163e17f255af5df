import process from 'node:process';
import {defineConfig} from 'vitest/config';

/** Tests that start engines of their own, which get in each other's way: one file after another. */
const engineTests = [
	'test/integration/docker-faults.test.ts',
	'test/integration/private-engine.test.ts',
	'test/integration/recent-errors-engine.test.ts',
	'test/integration/system-absence.test.ts',
	'test/pty/servers.test.ts',
];

/**
 * Real servers and a real engine may be slow to come up on a busy machine. In CI a test of them is tried twice; the report
 * marks one that needed it (`retry x1`), and it is to be mended.
 */
const real = {
	retry: process.env['CI'] === 'true' ? 1 : 0,
	globalSetup: ['test/support/global-setup.ts'],
	testTimeout: 60_000,
	hookTimeout: 180_000,
};

// Three groups, one after another: what mostly waits for servers, what looks at keys and frames, what needs an engine.
export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					include: ['test/unit/**/*.test.{ts,tsx}', 'test/*.test.ts'],
					// Some of them go through tens of thousands of cases: on a machine that others use too that takes its time.
					testTimeout: 90_000,
					maxWorkers: 4,
					sequence: {groupOrder: 0},
				},
			},
			// Colours are decided when Ink is loaded, and a test run has no terminal.
			{
				test: {
					name: 'frames',
					include: ['test/frames/**/*.test.{ts,tsx}'],
					env: {FORCE_COLOR: '3', TZ: 'UTC'},
					testTimeout: 60_000,
					maxWorkers: 4,
					sequence: {groupOrder: 0},
				},
			},
			{
				test: {
					name: 'integration',
					include: ['test/integration/**/*.test.ts'],
					exclude: engineTests,
					...real,
					maxWorkers: 4,
					sequence: {groupOrder: 0},
				},
			},
			{
				test: {
					name: 'pty',
					include: ['test/pty/**/*.test.ts'],
					exclude: engineTests,
					...real,
					maxWorkers: 2,
					sequence: {groupOrder: 1},
				},
			},
			{
				test: {
					name: 'engine',
					include: engineTests,
					...real,
					maxWorkers: 1,
					sequence: {groupOrder: 2},
				},
			},
		],
	},
});
