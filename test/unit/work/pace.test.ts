import {expect, test} from 'vitest';
import {cardText, cardOf} from '../../../src/domain/card.ts';
import {paceText} from '../../../src/show-jobs.ts';
import {planOf} from '../../support/plans.ts';

test('a pace that is not known is left out, and units are words of the language', () => {
	const progress = {done: 2, total: 5, unit: 'containers'} as const;
	expect(paceText({progress}, 'en')).toBe('2 / 5 containers');
	expect(paceText({progress}, 'zh')).toBe('2 / 5 容器');
	const bytes = {done: 1024, unit: 'bytes'} as const;
	expect(paceText({progress: bytes, perSecond: 2048, remainingMs: 3000}, 'en')).toBe(
		'1.0 KiB, 2.0 KiB/s, about 3.0 s left',
	);
});

test('a card says how much of the needed space is only a reserve', () => {
	const place = {folder: '/var/backups', neededBytes: 13 * 2 ** 30, freeBytes: 40 * 2 ** 30};
	const plan = {...planOf({risk: 'safe'}), space: [{...place, reserveBytes: 12 * 2 ** 30}]};
	expect(cardText(cardOf(plan, 'en'))).toContain(
		'needs 13 GiB (1.0 GiB for this, 12 GiB in reserve that stay free), free 40 GiB',
	);
});
