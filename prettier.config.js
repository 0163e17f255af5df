export default {
	useTabs: true,
	singleQuote: true,
	bracketSpacing: false,
	printWidth: 100,
	arrowParens: 'avoid',
};
