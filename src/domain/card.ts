import {cardWords} from '../words/card-words.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {fill} from '../words/words.ts';
import {formatBytes, formatLatency} from './format.ts';
import type {Plan} from './plan.ts';
import type {Language} from './settings.ts';
import {showCommand} from './show-command.ts';

/** One line of a card. `command`: to be shown as it is, never cut in the middle of what matters: its beginning. */
export type CardLine = {
	readonly kind: 'text' | 'fact' | 'command' | 'danger';
	/** Name of a fact, such as `host`. */
	readonly label?: string;
	readonly text: string;
};

/** A part of a card. Only parts that say something are there. */
export type CardSection = {
	readonly id:
		'where' | 'risk' | 'outage' | 'deletes' | 'space' | 'warnings' | 'steps' | 'undo' | 'confirm';
	readonly title: string;
	readonly lines: readonly CardLine[];
};

/** Everything that an operator sees before saying yes, in the order in which it matters. */
export type Card = {
	readonly title: string;
	readonly isProduction: boolean;
	readonly sections: readonly CardSection[];
};

type Say = (
	key: keyof typeof cardWords,
	values?: Readonly<Record<string, string | number>>,
) => string;

function text(value: string): CardLine {
	return {kind: 'text', text: value};
}

function whereLines({identity}: Plan, say: Say): readonly CardLine[] {
	const {environment, hostname, machine, project, folder, containers = []} = identity;
	const {postgres, redis, backup} = identity;
	const fact = (label: keyof typeof cardWords, value: string): CardLine => ({
		kind: 'fact',
		label: say(label),
		text: value,
	});
	const danger = (key: keyof typeof cardWords): CardLine => ({kind: 'danger', text: say(key)});
	return [
		...(environment.kind === 'production' ? [danger('is-production')] : []),
		...(environment.kind === 'unknown' ? [danger('is-unknown')] : []),
		fact('environment', `${environment.name} (${say(environment.kind)})`),
		fact('host', machine === '' ? hostname : `${hostname} (${machine})`),
		...(project === undefined
			? []
			: [fact('project', folder === undefined ? project : `${project} (${folder})`)]),
		...containers.map(({name, id, imageId}) =>
			fact(
				'container',
				say('container-facts', {
					name,
					id: id.slice(0, 12),
					image: imageId.replace(/^sha256:/, '').slice(0, 12),
				}),
			),
		),
		...(postgres === undefined
			? []
			: [
					fact(
						'postgres',
						say('database-facts', {
							database: postgres.database,
							oid: postgres.oid,
							version: serverVersion(postgres.versionNumber),
							system: postgres.systemIdentifier,
						}),
					),
				]),
		...(redis === undefined
			? []
			: [
					fact(
						'redis',
						say('redis-facts', {version: redis.version, run: redis.runId.slice(0, 12)}),
					),
				]),
		...(backup === undefined ? [] : [fact('backup', backup.id)]),
	];
}

/** `150018` is 15.18. */
function serverVersion(number: number): string {
	return `${Math.floor(number / 10_000)}.${number % 10_000}`;
}

function stepLines({steps}: Plan, language: Language, say: Say): readonly CardLine[] {
	return steps.flatMap(({title, commands, isCommitPoint}, index) => [
		text(say('step-line', {number: index + 1, title: sayPhrase(language, title)})),
		...commands.map((command): CardLine => ({kind: 'command', text: showCommand(command)})),
		...(isCommitPoint === true ? [text(`   ${say('commit-point')}`)] : []),
	]);
}

function confirmLine({risk, confirm = ''}: Plan, say: Say): CardLine {
	switch (risk) {
		case 'safe':
			return text(say('press-enter'));
		case 'disruptive':
			return text(say('choose-yes'));
		case 'destructive':
			return {kind: 'danger', text: say('type-text', {text: confirm})};
	}
}

/** The card of a plan in a language: computed from the very plan that runs, so that it cannot say anything else. */
export function cardOf(plan: Plan, language: Language): Card {
	const say: Say = (key, values) => fill(cardWords[key][language], values);
	const phrase = (value: Parameters<typeof sayPhrase>[1]) => sayPhrase(language, value);
	const {kind} = plan.identity.environment;
	const takes =
		plan.expectedMs === undefined
			? []
			: [text(say('takes-about', {time: formatLatency(plan.expectedMs, language)}))];
	const sections: readonly CardSection[] = [
		{id: 'where', title: say('where'), lines: whereLines(plan, say)},
		{
			id: 'risk',
			title: say('risk'),
			lines: [
				{kind: plan.risk === 'destructive' ? 'danger' : 'text', text: say(plan.risk)},
				...takes,
			],
		},
		{
			id: 'outage',
			title: say('outage'),
			lines:
				plan.outages.length === 0
					? [text(say('no-outage'))]
					: plan.outages.map(({what, expectedMs, basis}) =>
							text(
								expectedMs === undefined
									? say('outage-open', {what, basis: phrase(basis)})
									: say('outage-line', {
											what,
											time: formatLatency(expectedMs, language),
											basis: phrase(basis),
										}),
							),
						),
		},
		{
			id: 'deletes',
			title: say('deletes'),
			lines: plan.deletes.map(({name, bytes, why}) => ({
				kind: 'danger',
				text: say('delete-line', {
					name,
					bytes: bytes === undefined ? '' : ` (${formatBytes(bytes)})`,
					why: phrase(why),
				}),
			})),
		},
		{
			id: 'space',
			title: say('space'),
			lines: plan.space.map(({folder, neededBytes, reserveBytes = 0, freeBytes}) =>
				text(
					say(reserveBytes > 0 ? 'space-line-reserve' : 'space-line', {
						folder,
						needed: formatBytes(neededBytes),
						used: formatBytes(Math.max(0, neededBytes - reserveBytes)),
						reserve: formatBytes(reserveBytes),
						free: formatBytes(freeBytes),
					}),
				),
			),
		},
		{
			id: 'warnings',
			title: say('warnings'),
			lines: plan.warnings.map(warning => ({kind: 'danger', text: phrase(warning)})),
		},
		{id: 'steps', title: say('steps'), lines: stepLines(plan, language, say)},
		{id: 'undo', title: say('undo'), lines: [text(phrase(plan.undo))]},
		{id: 'confirm', title: say('confirm'), lines: [confirmLine(plan, say)]},
	];
	return {
		title: phrase(plan.title),
		isProduction: kind === 'production' || kind === 'unknown',
		sections: sections.filter(({lines}) => lines.length > 0),
	};
}

/** A card as plain text, for `--dry-run`. */
export function cardText({title, sections}: Card): string {
	const lineText = ({kind, label, text: value}: CardLine): string => {
		switch (kind) {
			case 'fact':
				return `  ${label ?? ''}: ${value}`;
			case 'command':
				return `     $ ${value}`;
			case 'danger':
				return `  ! ${value}`;
			case 'text':
				return `  ${value}`;
		}
	};
	return [
		title,
		...sections.flatMap(section => ['', section.title, ...section.lines.map(lineText)]),
		'',
	].join('\n');
}
