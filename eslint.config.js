import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import {defineConfig} from 'eslint/config';
import ts from 'typescript-eslint';

// Who may import whom: the one table from which the import rules below are made (docs/architecture.md).
const layers = {
	'src/words': [],
	'src/domain': ['src/words'],
	'src/io': ['src/domain', 'src/words'],
	'src/sources': ['src/domain', 'src/io/io.ts', 'src/words'],
	'src/runbooks': ['src/domain', 'src/words'],
	'src/incidents': ['src/domain', 'src/runbooks', 'src/words'],
	'src/looks': ['src/domain', 'src/io/io.ts', 'src/sources', 'src/runbooks', 'src/words'],
	'src/operations': [
		'src/domain',
		'src/io/io.ts',
		'src/io/act.ts',
		'src/sources/catalogue.ts',
		'src/sources/compose/program.ts',
		'src/words',
	],
	'src/work': [
		'src/domain',
		'src/io',
		'src/sources',
		'src/operations',
		'src/runbooks',
		'src/looks',
		'src/incidents',
		'src/engine',
		'src/words',
		'config',
	],
	'src/store': ['src/domain', 'src/runbooks', 'src/incidents', 'src/words', 'config/keymap.ts'],
	'src/engine': [
		'src/domain',
		'src/io',
		'src/sources',
		'src/store',
		'src/runbooks',
		'src/looks',
		'src/words',
	],
	'src/report': ['src/domain', 'src/runbooks', 'src/incidents', 'src/store', 'src/words'],
	config: [
		'src/domain',
		'src/words',
		'src/io/io.ts',
		'src/runbooks',
		// Only docs/operations.md is made from these.
		'src/operations',
		'src/work/command-table.ts',
	],
	hooks: [
		'src/domain',
		'src/runbooks',
		'src/incidents',
		'src/store',
		'src/words',
		'config/keymap.ts',
	],
	views: [
		'src/domain',
		'src/runbooks',
		'src/incidents',
		'src/report',
		'src/store',
		'src/words',
		'hooks',
		'config/keymap.ts',
	],
};

// Which layers may use which packages; `node:` modules count as a package.
const packages = {
	'src/words': [],
	'src/domain': ['string-width'],
	'src/io': ['node:', 'execa', 'pg', 'ioredis', 'systeminformation'],
	'src/sources': [],
	'src/runbooks': [],
	'src/incidents': [],
	'src/looks': ['yaml'],
	'src/operations': ['yaml'],
	'src/work': ['node:'],
	'src/store': ['zustand'],
	'src/engine': ['node:'],
	'src/report': [],
	config: ['node:', 'yaml', 'valibot', '@valibot/to-json-schema', 'typescript'],
	hooks: ['react', 'ink', 'zustand'],
	views: ['react', 'ink', 'ink-table', 'string-width'],
};

/** Builds the rule that lets one layer import only what the two tables allow. */
function fence(layer) {
	const allowedFolders = [layer, ...layers[layer]];
	const allowedPackages = packages[layer];
	const folders = Object.keys(layers).filter(folder => !allowedFolders.some(a => a === folder));
	const partly = folders.filter(folder => allowedFolders.some(a => a.startsWith(`${folder}/`)));
	const message = `${layer} may import ${allowedFolders.join(', ')} and ${
		allowedPackages.join(', ') || 'no package'
	} (eslint.config.js, docs/architecture.md).`;
	const patterns = [
		...folders
			.filter(folder => !partly.includes(folder))
			.map(folder => ({
				regex: `^\\.\\./(.*/)?(?<!runbooks/)${folder.replace('src/', '(src/)?')}/`,
				message,
			})),
		...partly.map(folder => {
			const only = allowedFolders
				.filter(a => a.startsWith(`${folder}/`))
				.map(a => a.slice(folder.length + 1).replaceAll('.', '\\.'))
				.join('|');
			return {
				regex: `^\\.{1,2}/(.*/)?${folder.replace('src/', '(src/)?')}/(?!(${only})$)`,
				message,
			};
		}),
		{
			regex: `^(?!\\.)${allowedPackages
				.map(name => (name === 'node:' ? '(?!node:)' : `(?!${name}(/|$))`))
				.join('')}.`,
			message,
		},
	];
	return {
		files: [`${layer}/**/*.{ts,tsx}`],
		rules: {'no-restricted-imports': ['error', {patterns}]},
	};
}

export default defineConfig(
	{ignores: ['dist/', 'node_modules/', '.cache/', 'test/lab/images/']},
	{
		files: ['**/*.{ts,tsx}'],
		extends: [js.configs.recommended, ts.configs.strictTypeChecked],
		languageOptions: {parserOptions: {projectService: true}},
		plugins: {'react-hooks': hooks},
		rules: {
			...hooks.configs.recommended.rules,
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
			'@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
			'@typescript-eslint/consistent-type-definitions': ['error', 'type'],
			'@typescript-eslint/consistent-type-assertions': ['error', {assertionStyle: 'as'}],
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ignoreRestSiblings: true, varsIgnorePattern: '^_'},
			],
			'no-restricted-exports': ['error', {restrictDefaultExports: {direct: true}}],
			'max-params': ['error', 4],
			'max-depth': ['error', 3],
			eqeqeq: 'error',
		},
	},
	{
		files: ['*.config.ts'],
		rules: {'no-restricted-exports': 'off'},
	},
	...Object.keys(layers).map(layer => fence(layer)),
	{
		files: ['**/*.{js,mjs}'],
		extends: [js.configs.recommended],
		languageOptions: {globals: {process: 'readonly', console: 'readonly', URL: 'readonly'}},
	},
);
