import {expect, test} from 'vitest';
import {judge, type Reference} from '../../../src/runbooks/expression.ts';
import {parseCondition} from '../../../src/runbooks/parse-condition.ts';
import {number, oneOf, text, truth, type Field, type Value} from '../../../src/runbooks/field.ts';

const fields: Readonly<Record<string, Field>> = {
	'db.used': number('percent', 'used', '占用'),
	'db.age': number('seconds', 'age', '年龄'),
	'db.ping': number('milliseconds', 'ping', '延迟'),
	'db.size': number('bytes', 'size', '大小'),
	'db.count': number('count', 'count', '数量'),
	'db.name': text('name', '名称'),
	'db.kind': oneOf(['none', 'full'], 'kind', '种类'),
	'db.up': truth('up', '运行'),
};

const fieldOf = ({look, field}: Reference) => fields[`${look}.${field}`];

function value(
	condition: string,
	values: Readonly<Record<string, Value>>,
): boolean | undefined | string {
	const parsed = parseCondition(condition, fieldOf);
	if ('mistake' in parsed) return `${parsed.mistake.offset}: ${parsed.mistake.says.en}`;
	return judge(
		parsed.expression,
		({look, field, isFirst}) => values[`${isFirst ? 'was.' : ''}${look}.${field}`],
	);
}

test.each([
	['db.used >= 80 %', {'db.used': 80}, true],
	['db.used >= 80', {'db.used': 79.9}, false],
	['db.age > 10 min', {'db.age': 601}, true],
	['db.age > 600', {'db.age': 601}, true],
	['db.age > 600', {'db.age': 599}, false],
	['db.ping >= 0.2 s', {'db.ping': 200}, true],
	['db.age > db.ping', {'db.age': 1, 'db.ping': 999}, true],
	['db.size > 1 GiB', {'db.size': 2 ** 30 + 1}, true],
	["db.kind = 'full' and db.up", {'db.kind': 'full', 'db.up': true}, true],
	["db.kind in ['full', 'none']", {'db.kind': 'none'}, true],
	['db.count in [1, 2]', {'db.count': 3}, false],
	["db.name contains 'Celery'", {'db.name': 'my-celery-queue'}, true],
	['not db.up', {'db.up': false}, true],
	['db.count - was.db.count > 5', {'db.count': 10, 'was.db.count': 4}, true],
	['db.used - was.db.used > 5 %', {'db.used': 10, 'was.db.used': 6}, false],
	['db.count * 2 + 1 = 7', {'db.count': 3}, true],
	['(db.count + 1) * 2 = 8', {'db.count': 3}, true],
	['db.size / db.count > 1 KiB', {'db.size': 4096, 'db.count': 2}, true],
] as const)('%s', (condition, values, expected) => {
	expect(value(condition, values)).toBe(expected);
});

test.each([
	['db.used > 80', {}, undefined],
	['db.used > 80 or db.up', {'db.up': true}, true],
	['db.used > 80 and db.up', {'db.up': false}, false],
	['db.used > 80 and db.up', {'db.up': true}, undefined],
	['db.used > 80 or db.up', {'db.up': false}, undefined],
	['not db.up', {}, undefined],
	['known(db.up)', {}, false],
	['known(db.up)', {'db.up': false}, true],
	['db.used / db.count > 1', {'db.count': 0, 'db.used': 1}, undefined],
	['db.count > 1', {'db.count': Number.NaN}, undefined],
	["db.kind in ['full']", {}, undefined],
] as const)('what is unknown stays unknown: %s', (condition, values, expected) => {
	expect(value(condition, values)).toBe(expected);
});

test.each([
	['db.used', '0: a condition that is true or false'],
	['db.nothing > 1', '0: a field of a look'],
	['db.used > 5 min', '10: units that fit, not percent and duration'],
	["db.kind = 'ful'", '10: one of none, full, not "ful"'],
	["db.used = 'a'", '10: both sides of one type'],
	['db.up > true', '6: an operator that fits'],
	['db.up and db.used', '10: something true or false'],
	['db.used >', '9: the condition to go on'],
	['db.used > 1)', '11: the condition to end before ")"'],
	['(db.up', '6: a parenthesis here'],
	['db.up & db.up', '6: a condition without the character &'],
	['db.age - db.age > 5', '18: a unit'],
	["db.kind in ['none'", '18: a ] after the list'],
	[`${'('.repeat(40)}db.up${')'.repeat(40)}`, '31: at most 30 levels'],
])('refuses %s', (condition, expected) => {
	expect(value(condition, {})).toContain(expected);
});

test('never throws, whatever is written', () => {
	const pieces = [
		'db.up',
		'and',
		'or',
		'not',
		'(',
		')',
		'=',
		'5',
		'%',
		"'x'",
		'db.used',
		'[',
		']',
		'in',
		',',
	];
	let seed = 7;
	for (let round = 0; round < 3000; round++) {
		const words: string[] = [];
		for (let length = 0; length < 8; length++) {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			words.push(pieces[seed % pieces.length] ?? '');
		}

		const result = value(words.join(' '), {'db.up': true});
		expect(['boolean', 'undefined', 'string']).toContain(typeof result);
	}
});
