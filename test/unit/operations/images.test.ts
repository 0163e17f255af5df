import {expect, test} from 'vitest';
import {chooseImages} from '../../../src/operations/disk/images.ts';

const day = 24 * 3_600_000;

function image(id: string, tags: readonly string[], ageDays: number) {
	return {id, tags, bytes: 1, createdAtMs: -ageDays * day};
}

test('what a container uses, what is young and what a rollback needs stays', () => {
	const images = [
		image('running', ['shop:9'], 20),
		image('last', ['shop:8'], 30),
		image('before', ['shop:7'], 40),
		image('ancient', ['shop:1'], 400),
		image('stopped', ['old:1'], 90),
		image('foreign', ['registry.local:5000/tool:2'], 90),
		image('young', [], 2),
		image('dangling', [], 50),
	];
	const chosen = chooseImages(images, new Set(['running', 'stopped']), -7 * day);
	expect(chosen.unused.map(({id}) => id)).toEqual(['ancient', 'foreign', 'dangling']);
	expect(chosen.kept.map(({id}) => id)).toEqual(['last', 'before']);
});
