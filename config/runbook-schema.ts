import * as v from 'valibot';
import {metrics, type MetricId} from '../src/domain/metrics.ts';
import {frequencies, outcomes} from '../src/runbooks/runbook.ts';
import {subjects} from '../src/runbooks/scope.ts';
import {choice, matching, name} from './scalars.ts';
import type {Tree} from './tree.ts';
import type {Expectation} from './words.ts';

const may = v.exactOptional;

/** A text on one line, as long as a paragraph may be. */
const line = (description: string) =>
	v.pipe(
		v.string('text' satisfies Expectation),
		v.description(description),
		v.minLength(1, 'text' satisfies Expectation),
		v.maxLength(1000, 'text' satisfies Expectation),
	);

/** A text in both languages; one text stands for both in a runbook of one's own. */
const words = (description: string) =>
	v.union(
		[line(description), v.strictObject({en: line('English.'), zh: line('Simplified Chinese.')})],
		'both-languages' satisfies Expectation,
	);

const id = (description: string) => matching('id', /^[a-z][a-z0-9-]{0,63}$/, description);
const condition = (description: string) => line(description);
const target = id('Name of another node.');
const ids = (description: string) =>
	v.pipe(v.array(id(description), 'list'), v.minLength(1, 'list' satisfies Expectation));
const lookId = matching('look', /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, 'A look: area.name.');
const looks = v.pipe(v.array(lookId, 'list'), v.minLength(1, 'list' satisfies Expectation));

const isMetric = (key: string): key is MetricId => Object.hasOwn(metrics, key);
const metricIds = Object.keys(metrics).filter(isMetric);

/** Any plain data: checked by what it is for. */
const anything = v.custom<Tree>(() => true);

const points = v.pipe(
	v.number('points'),
	v.integer('points' satisfies Expectation),
	v.minValue(1, 'points' satisfies Expectation),
	v.maxValue(5, 'points' satisfies Expectation),
);

const argument = v.strictObject({
	if: condition('What speaks for or against it.'),
	says: words('The same in words.'),
	points: may(points),
});

/** One cause of a wizard. */
export const causeSchema = v.strictObject({
	title: words('What is wrong.'),
	when: condition('What must hold for it to be the cause.'),
	points: may(points),
	for: may(v.array(argument, 'list')),
	against: may(v.array(argument, 'list')),
	follows: may(ids('Causes of which this is a consequence.')),
	fix: target,
});

const request = may(v.record(v.string(), anything, 'map' satisfies Expectation));

const explained = {why: may(words('Why it is asked.')), means: may(words('What it means.'))};

/** The nodes of a wizard, by the key that says what they are. */
export const nodeSchemas = {
	look: v.strictObject({look: looks, next: target, ...explained}),
	decide: v.strictObject({
		decide: v.pipe(
			v.array(
				v.strictObject({
					when: condition('The first that is true is taken.'),
					next: target,
					because: may(words('What that means.')),
				}),
				'list',
			),
			v.minLength(1, 'list' satisfies Expectation),
		),
		otherwise: target,
		unknown: target,
		...explained,
	}),
	rank: v.strictObject({
		rank: ids('A cause of this runbook.'),
		otherwise: target,
		unknown: target,
		...explained,
	}),
	ask: v.strictObject({
		ask: words('The question.'),
		choices: v.pipe(
			v.array(v.strictObject({label: words('An answer.'), next: target}), 'list'),
			v.minLength(1, 'list' satisfies Expectation),
		),
		unknown: target,
		...explained,
	}),
	do: v.strictObject({
		do: id('An operation.'),
		with: request,
		next: target,
		skip: target,
		failed: target,
		...explained,
	}),
	wait: v.strictObject({
		wait: matching('duration', /^\d+ ?(?:s|min)$/, 'How long.'),
		next: target,
		...explained,
	}),
	note: v.strictObject({note: words('What to read or to do.'), next: target, ...explained}),
	end: v.strictObject({
		end: choice('How the walk ends.', outcomes),
		says: words('What came out.'),
		continue: may(id('Another runbook that goes on.')),
		...explained,
	}),
} as const;

export type NodeKind = keyof typeof nodeSchemas;

const head = {
	id: id('Equals the name of the file.'),
	title: words('What the operator sees.'),
	symptoms: may(v.array(words('As the operator would say it.'), 'list')),
	covers: may(v.array(name('A row of a handbook.'), 'list')),
	on: choice('What it is about.', subjects),
	alerts: may(v.array(choice('A metric.', metricIds), 'list')),
};

const byName = v.record(v.string(), anything, 'map' satisfies Expectation);

/** A wizard; its causes and nodes are checked one by one. */
export const wizardSchema = v.strictObject({
	kind: v.literal('wizard'),
	...head,
	causes: may(byName),
	start: target,
	nodes: byName,
});

const itemHead = {
	title: words('What must be so.'),
	fix: may(
		v.strictObject({
			runbook: may(id('A runbook.')),
			do: may(id('An operation.')),
			with: request,
		}),
	),
};

/** The lines of a checklist: of the console and of a person. */
export const itemSchemas = {
	console: v.strictObject({
		...itemHead,
		look: looks,
		pass: condition('It passes only where this is true.'),
		warn: may(condition('It passes with a warning where this is true.')),
		applies: may(condition('It does not apply where this is false.')),
		shows: words('The proof.'),
	}),
	person: v.strictObject({...itemHead, by: v.literal('person')}),
} as const;

/** A checklist; its items are checked one by one. */
export const checklistSchema = v.strictObject({
	kind: v.literal('checklist'),
	...head,
	every: choice('How often.', frequencies),
	at: may(
		matching(
			'at',
			/^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|[1-9]|1\d|2[0-8]) )?(?:[01]\d|2[0-3]):[0-5]\d$/,
			'When.',
		),
	),
	owner: may(words('Who does it.')),
	method: may(words('How it is done.')),
	items: byName,
});

/** The part that says what kind of runbook a file is. */
export const kindSchema = v.object({kind: choice('What it is.', ['wizard', 'checklist'])});
