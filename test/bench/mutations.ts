import {appendFile, copyFile, readFile, rm, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let value = Math.imul(state ^ (state >>> 15), 1 | state);
		value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
		return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** One way to damage a backup; the other backup is there to be taken for it. */
export type Mutation = {
	readonly name: string;
	spoil(folder: string, other: string): Promise<void>;
};

async function change(path: string, work: (content: Buffer) => void): Promise<void> {
	const content = await readFile(path);
	work(content);
	await writeFile(path, content);
}

/** Flips one bit of a file; `at` and `bit` from 0 to 1. */
export function flipBit(path: string, at: number, bit: number): Promise<void> {
	return change(path, content => {
		const index = Math.floor(at * content.length);
		content[index] = (content[index] ?? 0) ^ (1 << Math.floor(bit * 8));
	});
}

const dump = 'dump.pgc';

/** Every kind of damage with how many of 20 mutations are of it. */
const kinds: readonly (readonly [count: number, make: (random: () => number) => Mutation])[] = [
	[
		7,
		random => {
			const [at, bit] = [random(), random()];
			return {name: `bit of ${dump}`, spoil: folder => flipBit(join(folder, dump), at, bit)};
		},
	],
	[
		4,
		random => {
			const share = random();
			const spoil = async (folder: string) => {
				const path = join(folder, dump);
				await truncate(path, Math.floor(share * (await readFile(path)).length));
			};
			return {name: `${dump} cut`, spoil};
		},
	],
	[
		3,
		random => {
			const at = random();
			const spoil = (folder: string) =>
				change(join(folder, dump), content => {
					const start = Math.floor(at * content.length);
					// A block that a disk lost; never equal to what was there.
					for (let index = start; index < Math.min(start + 4096, content.length); index++) {
						content[index] = ~(content[index] ?? 0) & 0xff;
					}
				});
			return {name: `block of ${dump}`, spoil};
		},
	],
	[
		1,
		random => {
			const byte = Math.floor(random() * 256);
			const spoil = (folder: string) => appendFile(join(folder, dump), Buffer.of(byte));
			return {name: `${dump} with one byte more`, spoil};
		},
	],
	[
		1,
		random => {
			const name = random() < 0.5 ? dump : 'manifest.json';
			const spoil = (folder: string, other: string) =>
				copyFile(join(other, name), join(folder, name));
			return {name: `${name} of another backup`, spoil};
		},
	],
	[
		2,
		random => {
			const [at, bit] = [random(), random()];
			const spoil = (folder: string) => flipBit(join(folder, 'manifest.json'), at, bit);
			return {name: 'bit of manifest.json', spoil};
		},
	],
	[
		1,
		random => {
			const names = [dump, 'manifest.json', 'manifest.sha256'];
			const name = names[Math.floor(random() * names.length)] ?? dump;
			return {name: `${name} gone`, spoil: folder => rm(join(folder, name))};
		},
	],
	[
		1,
		random => {
			// The 64 digits of the checksum; what comes after them is only for sha256sum.
			const [at, bit] = [(random() * 64) / 80, random()];
			const spoil = (folder: string) => flipBit(join(folder, 'manifest.sha256'), at, bit);
			return {name: 'bit of manifest.sha256', spoil};
		},
	],
];

const deck = kinds.flatMap(([count, make]) => Array.from({length: count}, () => make));

/** The mutation of a number: of twenty that follow one another, each kind has its share. */
export function mutationOf(index: number, random: () => number): Mutation {
	const make = deck[index % deck.length];
	if (!make) throw new Error('no mutation');
	return make(random);
}
