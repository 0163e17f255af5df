import {expect, test} from 'vitest';
import {isSequenceBehind} from '../../../src/domain/sequence-value.ts';

const up = {schema: 'public', name: 's', lastValue: '5016'};
const down = {...up, isDescending: true};

test('a restored sequence may be further on than the manifest says, never behind', () => {
	expect(isSequenceBehind(up, '5016')).toBe(false);
	expect(isSequenceBehind(up, '5017')).toBe(false);
	expect(isSequenceBehind(up, '5015')).toBe(true);
	expect(isSequenceBehind(down, '5017')).toBe(true);
	expect(isSequenceBehind(down, '5015')).toBe(false);
	expect(isSequenceBehind(up, '9223372036854775807')).toBe(false);
});

test('a sequence that is missing is behind; one that was never used may have been used since', () => {
	expect(isSequenceBehind(up, undefined)).toBe(true);
	expect(isSequenceBehind(up, '')).toBe(true);
	expect(isSequenceBehind({...up, lastValue: ''}, '')).toBe(false);
	expect(isSequenceBehind({...up, lastValue: ''}, '1')).toBe(false);
});
