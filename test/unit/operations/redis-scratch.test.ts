import {describe, expect, it} from 'vitest';
import {
	flavourIn,
	scratchServer,
	type Flavour,
	type ScratchPlace,
} from '../../../src/operations/redis/scratch.ts';

const facts = {id: 'run', name: 'proof', folder: '/backups/x', port: 0, memoryBytes: 1};
const sidecar = {kind: 'sidecar', image: 'sha256:1', network: 'none', userId: 0} as const;

function places(flavour: Flavour): readonly ScratchPlace[] {
	return [
		{...sidecar, flavour},
		{kind: 'host', folder: '/scratch/run', flavour},
	];
}

// An image of Valkey has no program of the other name (Debian's valkey-server 8.1: `exec: "redis-check-rdb":
// executable file not found in $PATH`).
describe.each<Flavour>(['redis', 'valkey'])('a scratch server of %s', flavour => {
	it.each(places(flavour))('is made of its own programs: $kind', place => {
		const {check, start, info, release, stop} = scratchServer({...facts, place});
		const text = JSON.stringify([check, start, info, release, stop]);
		const other = flavour === 'redis' ? 'valkey' : 'redis';
		for (const program of ['server', 'cli', 'check-rdb']) {
			expect(text).toContain(`"${flavour}-${program}"`);
			expect(text).not.toContain(`${other}-${program}`);
		}
	});

	it.each(places(flavour))('is recognised in its plan: $kind', place => {
		expect(flavourIn(scratchServer({...facts, place}).check)).toBe(flavour);
	});
});
