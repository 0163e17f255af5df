import {metrics, type MetricId} from '../src/domain/metrics.ts';
import {defaultRules, directionOf} from './defaults.ts';
import {otherVariables, variables} from './environment.ts';
import {describeSchema} from './generate-example.ts';
import {maxDepth, maxFileBytes, maxLines} from './guard.ts';
import {metricDescriptions} from './metric-descriptions.ts';
import {configSchema} from './schema.ts';
import {systems} from './systems.ts';
import {formatDuration} from './units.ts';
import {shapeOf} from './validate.ts';
import {expectations} from './words.ts';

function row(cells: readonly string[]): string {
	return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
	return [row(head), row(head.map(() => '---')), ...rows.map(cells => row(cells))];
}

/** What a schema accepts, in words: its choices, or the expectation that its errors use. */
function accepts(schema: unknown): string {
	const inner: unknown =
		typeof schema === 'object' && schema !== null && 'wrapped' in schema ? schema.wrapped : schema;
	const {options, type} = shapeOf(schema) ?? {};
	if (type === 'picklist' && options)
		return options.map(option => `\`${String(option)}\``).join(', ');
	const message: unknown =
		typeof inner === 'object' && inner !== null && 'message' in inner ? inner.message : undefined;
	const words = Object.entries(expectations).find(([id]) => id === message)?.[1].en;
	return words ?? (type === 'strict_object' ? 'a map' : 'a list');
}

function isRequired(schema: unknown): boolean {
	return typeof schema === 'object' && schema !== null && !('wrapped' in schema);
}

function keyRows(schema: unknown, prefix: string): string[][] {
	return Object.entries(shapeOf(schema)?.entries ?? {}).map(([key, inner]) => [
		`\`${prefix}${key}\`${isRequired(inner) ? ' (required)' : ''}`,
		accepts(inner),
		describeSchema(inner),
	]);
}

function sections(): string[] {
	return Object.entries(configSchema.entries).flatMap(([key, schema]) => {
		const shape = shapeOf(schema);
		const item = shape?.type === 'array' ? shape.item : undefined;
		if (key === 'thresholds' || (shape?.type !== 'strict_object' && item === undefined)) return [];
		return [
			'',
			`### ${key}`,
			'',
			describeSchema(schema),
			'',
			...table(
				['key', 'value', 'meaning'],
				keyRows(item ?? schema, item === undefined ? `${key}.` : ''),
			),
		];
	});
}

function isMetric(id: string): id is MetricId {
	return Object.hasOwn(metrics, id);
}

function thresholdRows(): string[][] {
	return Object.entries(metrics).map(([id, unit]) => {
		const rule = defaultRules.find(({metric}) => metric === id);
		const hold = rule && rule.forMs > 0 ? formatDuration(rule.forMs) : '';
		const direction = isMetric(id) ? directionOf(id) : '';
		const description = isMetric(id) ? metricDescriptions[id] : '';
		return [
			`\`${id}\``,
			unit,
			String(rule?.warn ?? ''),
			String(rule?.crit ?? ''),
			hold,
			direction,
			description,
		];
	});
}

/** docs/settings.md: every setting, threshold and variable, and how they are laid over each other. */
export function renderDocs(): string {
	const lines = [
		'# Settings',
		'',
		'Made from config/schema.ts by config/generate.ts; do not edit.',
		'',
		'opsconsole needs no configuration: without one it finds what runs on this host. A file `opsconsole.yaml` says more',
		'than can be found. `opsconsole init` writes one from what was found; config/opsconsole.example.yaml shows every key.',
		'For editors there is config/opsconsole.schema.json.',
		'',
		'## Where settings come from',
		'',
		'From the lowest layer to the highest:',
		'',
		'1. built-in defaults;',
		`2. the profile of the system (\`system:\`, one of ${systems.map(id => `\`${id}\``).join(', ')});`,
		'3. `/etc/opsconsole/opsconsole.yaml`;',
		'4. `$XDG_CONFIG_HOME/opsconsole/opsconsole.yaml`, or `~/.config/opsconsole/opsconsole.yaml`;',
		'5. `./opsconsole.yaml`;',
		'6. environment variables;',
		'7. options of the command;',
		'8. secret files (`…_PASSWORD_FILE` variables and `password_file`).',
		'',
		'The three files are merged. With `--config <file>` or `OPSCONSOLE_CONFIG` only that file is read instead of them.',
		'Single values are replaced by the higher layer. Entries of a list are matched by `id` (or `name`, `title`) and merged',
		'key by key; `enabled: false` takes an entry out. Thresholds are matched by metric and `subject` and merged key by',
		'key, so a file that sets only `warn` keeps the `crit` from below; `off` takes a threshold or one of its levels out.',
		'Where several thresholds of one metric match a subject, each of them raises its own alert.',
		'',
		'## References',
		'',
		'A text may hold `${NAME}` (a variable of the environment), `${NAME:-default}` and `${file:/path}` (the text of a file,',
		'relative to the configuration file). `$${` stands for `${` itself. A variable or file that is missing or empty is an',
		'error with file, line and column; the value of a reference is never printed.',
		'',
		'## Safety',
		'',
		`A file may have ${maxFileBytes / 1024} KiB, ${maxLines} lines, ${maxDepth} levels, ten aliases, one document and no tags. Unknown and duplicate keys are`,
		'errors. A file must belong to you or root, as must the folders above it, and must not be writable by others; else',
		'opsconsole runs read-only, says so with the command that mends it, and does not let that file redirect a password that',
		'a safer file configured. A file of another user in the usual places is not read. A secret file that others can read',
		'(mode wider than 0600) is named, and opsconsole runs read-only.',
		'',
		'## Keys',
		'',
		...table(
			['key', 'value', 'meaning'],
			keyRows(configSchema, '').map(cells => cells),
		),
		...sections(),
		'',
		'### thresholds',
		'',
		'```yaml',
		'thresholds:',
		'  host.cpu: {warn: 80, crit: 95, for: 10m}',
		'  host.disk: [{warn: 80, crit: 90}, {subject: /backup*, warn: 90, crit: 97}]',
		'  redis.memory-used: {warn: 1GB, crit: 2GB, from: H2-04}',
		'  redis.ping: off',
		'```',
		'',
		'Values are numbers in the unit of the metric, or texts with a unit (`80%`, `200ms`, `5m`, `2GB`, `30d`). A `state` is',
		'raised with `1`.',
		'',
		...table(['key', 'value', 'meaning'], thresholdKeyRows()),
		'',
		...table(['metric', 'unit', 'warn', 'crit', 'for', 'direction', 'meaning'], thresholdRows()),
		'',
		'## Environment variables',
		'',
		...table(
			['variable', 'sets'],
			[
				...variables.map(({name, key}) => [`\`${name}\``, `\`${key}\``]),
				...Object.entries(otherVariables).map(([name, text]) => [`\`${name}\``, text]),
			],
		),
		'',
	];
	return lines.join('\n');
}

function thresholdKeyRows(): string[][] {
	const thresholds = shapeOf(configSchema.entries.thresholds)?.entries ?? {};
	const rule = shapeOf(thresholds['host.cpu'])?.options?.[0];
	return keyRows(rule, '').map(([key = '', value = '', meaning = '']) =>
		key === '`warn`' || key === '`crit`'
			? [key, 'a value in the unit of the metric, or off', `Level ${key} from this value on.`]
			: [key, value, meaning],
	);
}
