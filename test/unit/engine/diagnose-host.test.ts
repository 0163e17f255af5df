import {expect, test} from 'vitest';
import {readRunbook} from '../../../config/read-runbook.ts';
import {refOf} from '../../../src/domain/recognise.ts';
import {noTargets} from '../../../src/domain/targets.ts';
import {diagnose} from '../../../src/engine/diagnose.ts';
import type {Runbook} from '../../../src/runbooks/runbook.ts';
import {container} from '../../support/state.ts';
import {postgresTarget} from '../../support/values.ts';

function runbookOf(text: string): Runbook {
	const read = readRunbook(text, 'x.yaml', text.slice(4, text.indexOf('\n')));
	if (!read.ok) throw new Error(JSON.stringify(read));
	return read.runbook;
}

function wizard(id: string, on: string, cause: string): Runbook {
	return runbookOf(`id: ${id}
kind: wizard
title: {en: it, zh: 它}
symptoms: [{en: slow, zh: 慢}]
covers: [H1-01]
on: ${on}
causes:
${cause}
start: first
nodes:
  first: {look: [host.load, postgres.storage], next: weigh}
  weigh: {rank: [${/^ {2}([\w-]+)/.exec(cause)?.[1] ?? ''}], otherwise: done, unknown: done}
  done: {end: healthy, says: {en: done, zh: 完成}}
`);
}

const kept = `  archive: {title: {en: a, zh: 甲}, when: postgres.storage.is-archive-failing, points: 1, fix: done}`;
const busy = `  busy: {title: {en: b, zh: 乙}, when: host.load.cpu >= 95 %, points: 1, fix: done}`;
const slow = `  slow: {title: {en: c, zh: 丙}, when: postgres.storage.is-archive-failing, points: 5, follows: [busy], fix: done}`;

const servers = ['blog', 'shop'].map(project =>
	container('db', {project, key: `${project}/db/1`, name: `${project}_db_1`, id: `${project}db`}),
);
const here = {
	containers: servers,
	targets: {
		...noTargets,
		postgres: servers.map(one => ({
			...postgresTarget,
			id: `${one.project ?? ''}/db`,
			container: refOf(one),
		})),
	},
};

const clock = {now: () => 1, monotonic: () => 1};
const eyes = {
	here: () => here,
	look: (looks: readonly string[], {postgres}: {readonly postgres?: string}) => {
		const values = {cpu: 99, ...(postgres && {'is-archive-failing': postgres === 'shop/db'})};
		return Promise.resolve(looks.map(look => ({look, atMs: 1, values, lines: []})));
	},
};

async function found(...runbooks: readonly Runbook[]) {
	const {findings} = await diagnose(runbooks, eyes, clock, new AbortController().signal);
	return findings.map(({cause, subject, likelihood, consequenceOf}) =>
		[cause.id, subject, likelihood, consequenceOf ?? ''].join(' ').trim(),
	);
}

test('a cause of the host that looks at servers is asked of each and names the one', async () => {
	expect(await found(wizard('disk', 'host', kept))).toEqual(['archive shop/db likely']);
});

test('what happens to the host is a cause in every project', async () => {
	expect(await found(wizard('cpu', 'host', busy), wizard('slow', 'postgres', slow))).toEqual([
		'busy host likely',
		'slow shop/db likely busy',
	]);
});
