import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import * as ts from 'typescript';
import {problems, type ProblemCode} from '../src/words/index.ts';
import {phrases, type PhraseCode} from '../src/words/phrases/index.ts';

/** What the code of an operation says about it: nothing here is written by hand, so nothing can be out of date. */
export type OperationFacts = {
	readonly risks: readonly string[];
	/** Every problem that parsing its request or making its plan can end with. */
	readonly refusals: readonly ProblemCode[];
	/** The commands that its plans are made of; `<name>` stands for what the plan fills in. */
	readonly commands: readonly string[];
	/** How the whole is undone afterwards, as the card says it. */
	readonly undo: readonly PhraseCode[];
};

type Source = {
	readonly path: string;
	/** Top-level declarations by name. */
	readonly own: ReadonlyMap<string, ts.Node>;
	readonly imports: ReadonlyMap<string, {readonly path: string; readonly name: string}>;
	readonly file: ts.SourceFile;
};

/** Folders in which plans are made. */
const folders = ['src/operations', 'src/domain'];

function listFiles(root: string): readonly string[] {
	return folders.flatMap(folder =>
		readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
			.filter(name => name.endsWith('.ts'))
			.map(name => join(folder, name)),
	);
}

function variablesOf(statement: ts.Statement): readonly ts.VariableDeclaration[] {
	return ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
}

function importsOf(statement: ts.Statement) {
	if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier))
		return [];
	const target = statement.moduleSpecifier.text;
	const bindings = statement.importClause?.namedBindings;
	if (!bindings || !ts.isNamedImports(bindings)) return [];
	return bindings.elements.map(({name, propertyName}) => ({
		name: name.text,
		from: (propertyName ?? name).text,
		target,
	}));
}

function readSource(root: string, path: string): Source {
	const text = readFileSync(join(root, path), 'utf8');
	const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
	const own = new Map<string, ts.Node>();
	const imports = new Map<string, {path: string; name: string}>();
	for (const statement of file.statements) {
		if (ts.isFunctionDeclaration(statement) && statement.name) {
			own.set(statement.name.text, statement);
		}

		for (const declaration of variablesOf(statement)) {
			if (ts.isIdentifier(declaration.name)) own.set(declaration.name.text, declaration);
		}

		for (const {name, from, target} of importsOf(statement)) {
			imports.set(name, {path: join(dirname(path), target), name: from});
		}
	}

	return {path, own, imports, file};
}

function nameOf(node: ts.ObjectLiteralElementLike): string {
	return node.name && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name))
		? node.name.text
		: '';
}

function memberOf(object: ts.ObjectLiteralExpression, name: string) {
	return object.properties.find(property => nameOf(property) === name);
}

function textIn(object: ts.ObjectLiteralExpression, name: string): string | undefined {
	const member = memberOf(object, name);
	if (!member || !ts.isPropertyAssignment(member)) return undefined;
	const value = ts.isAsExpression(member.initializer)
		? member.initializer.expression
		: member.initializer;
	return ts.isStringLiteral(value) ? value.text : undefined;
}

/** What only a run does: the code of steps, not the making of a plan. */
function isOfRun(node: ts.Node): boolean {
	const isMember =
		ts.isPropertyAssignment(node) ||
		ts.isMethodDeclaration(node) ||
		ts.isShorthandPropertyAssignment(node);
	if (!isMember || !ts.isObjectLiteralExpression(node.parent)) return false;
	const name = nameOf(node);
	if (['run', 'undo', 'holds', 'isCommitted'].includes(name)) {
		return !(ts.isPropertyAssignment(node) && isPlainValue(node.initializer));
	}

	if (name !== 'steps') return false;
	const isCode = ts.isPropertyAssignment(node) && ts.isObjectLiteralExpression(node.initializer);
	return isCode || memberOf(node.parent, 'plan') !== undefined;
}

/** A plan's `undo` is a list or a phrase; that of a step's code is a function. */
function isPlainValue(node: ts.Expression): boolean {
	return !ts.isArrowFunction(node) && !ts.isFunctionExpression(node) && !ts.isIdentifier(node);
}

/** Where names of a command's text come from: parameters of the function that makes it. */
type Values = ReadonlyMap<string, string>;

/** A project's sources, read once. */
export function readOperationFacts(root: string): (id: string) => OperationFacts {
	const sources = new Map(listFiles(root).map(path => [path, readSource(root, path)]));

	function declarationOf(
		source: Source,
		name: string,
	): {readonly node: ts.Node; readonly source: Source} | undefined {
		const node = source.own.get(name);
		if (node) return {node, source};
		const from = source.imports.get(name);
		const target = from && sources.get(from.path);
		return from && target ? declarationOf(target, from.name) : undefined;
	}

	/** What a name stands for at its place: a constant of the functions around it, else a declaration of the file. */
	function meaningOf(
		name: ts.Identifier,
		source: Source,
	): {readonly node: ts.Node; readonly source: Source} | undefined {
		for (let scope: ts.Node = name.parent; !ts.isSourceFile(scope); scope = scope.parent) {
			if (isParameterOf(scope, name.text)) return undefined;
			if (!ts.isBlock(scope)) continue;
			for (const statement of scope.statements) {
				const found = variablesOf(statement).find(
					declaration => ts.isIdentifier(declaration.name) && declaration.name.text === name.text,
				);
				if (found && name.parent !== found) return {node: found, source};
			}
		}

		return declarationOf(source, name.text);
	}

	/** Everything that can be reached from some nodes, each declaration once. */
	function reach(
		starts: readonly {readonly node: ts.Node; readonly source: Source}[],
		visit: (node: ts.Node, source: Source) => void,
	): void {
		const seen = new Set<ts.Node>();
		const walk = (node: ts.Node, source: Source): void => {
			if (ts.isTypeNode(node) || isOfRun(node)) return;
			visit(node, source);
			const isName = ts.isIdentifier(node) && !isMemberName(node);
			const found = isName ? declarationOf(source, node.text) : undefined;
			if (found && !seen.has(found.node)) {
				seen.add(found.node);
				walk(found.node, found.source);
			}

			node.forEachChild(child => walk(child, source));
		};
		for (const {node, source} of starts) walk(node, source);
	}

	/** The text of an expression as far as it can be told; `<name>` for what only a plan knows. */
	function say(node: ts.Node, source: Source, values: Values, depth = 0): string {
		if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) {
			return say(node.expression, source, values, depth);
		}

		if (ts.isSatisfiesExpression(node)) return say(node.expression, source, values, depth);
		if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
		if (ts.isTemplateExpression(node)) {
			const spans = node.templateSpans.map(
				({expression, literal}) => say(expression, source, values, depth) + literal.text,
			);
			return node.head.text + spans.join('');
		}

		if (ts.isArrayLiteralExpression(node)) {
			return node.elements.map(element => say(element, source, values, depth)).join(' ');
		}

		if (ts.isSpreadElement(node)) return say(node.expression, source, values, depth);
		if (ts.isConditionalExpression(node)) return say(node.whenTrue, source, values, depth);
		if (ts.isIdentifier(node)) {
			const given = values.get(node.text);
			if (given !== undefined) return given;
			const found = depth < 6 ? meaningOf(node, source) : undefined;
			const isConstant = found && ts.isVariableDeclaration(found.node) && found.node.initializer;
			return isConstant
				? say(isConstant, found.source, values, depth + 1)
				: `<${plain(node.text)}>`;
		}

		if (ts.isPropertyAccessExpression(node))
			return sayMember(node, source) ?? `<${plain(node.name.text)}>`;
		if (ts.isCallExpression(node)) return sayCall(node, source, values, depth);
		return '<…>';
	}

	/** The text of a member of a constant object. */
	function sayMember(node: ts.PropertyAccessExpression, source: Source): string | undefined {
		if (!ts.isIdentifier(node.expression)) return undefined;
		const found = meaningOf(node.expression, source)?.node;
		if (!found || !ts.isVariableDeclaration(found) || !found.initializer) return undefined;
		const value = ts.isAsExpression(found.initializer)
			? found.initializer.expression
			: found.initializer;
		return ts.isObjectLiteralExpression(value) ? textIn(value, node.name.text) : undefined;
	}

	function sayCall(node: ts.CallExpression, source: Source, values: Values, depth: number): string {
		const callee = node.expression;
		if (ts.isPropertyAccessExpression(callee)) return say(callee.expression, source, values, depth);
		if (!ts.isIdentifier(callee)) return '<…>';
		const found = depth < 6 ? meaningOf(callee, source) : undefined;
		const body = found && resultOf(found.node);
		if (!found || !body || ts.isObjectLiteralExpression(body.result)) {
			return `<${plain(callee.text)}>`;
		}

		return say(body.result, found.source, bind(body.parameters, node, source, values), depth + 1);
	}

	function bind(
		parameters: readonly ts.ParameterDeclaration[],
		call: ts.CallExpression,
		source: Source,
		values: Values,
	): Values {
		const bound = new Map<string, string>();
		for (const [index, {name}] of parameters.entries()) {
			const argument = call.arguments[index];
			if (!ts.isIdentifier(name)) continue;
			bound.set(name.text, argument ? say(argument, source, values) : `<${plain(name.text)}>`);
		}

		return bound;
	}

	/** The line of one command literal. */
	function sayCommand(
		object: ts.ObjectLiteralExpression,
		source: Source,
		values: Values,
	): string | undefined {
		const part = (name: string): string => {
			const member = memberOf(object, name);
			if (!member) return '';
			if (ts.isPropertyAssignment(member)) return say(member.initializer, source, values);
			return ts.isShorthandPropertyAssignment(member) ? say(member.name, source, values) : '';
		};
		const kind = textIn(object, 'kind') ?? '';
		switch (kind) {
			case 'sql':
				return memberOf(object, 'text') && part('text').replace(/\s+/g, ' ').trim();
			case 'redis':
				return memberOf(object, 'argv') && `redis-cli ${part('argv')}`;
			case 'engine':
				return memberOf(object, 'say') && part('say');
			case 'job':
				return (
					memberOf(object, 'operation') && `opsconsole ${part('operation')} ${part('request')}`
				);
			case 'program':
				return memberOf(object, 'argv') && part('argv');
			case 'exec':
				return memberOf(object, 'argv') && `docker exec <container> ${part('argv')}`;
			case 'sidecar': {
				const member = memberOf(object, 'sidecar');
				const inner =
					member &&
					ts.isPropertyAssignment(member) &&
					ts.isObjectLiteralExpression(member.initializer)
						? memberOf(member.initializer, 'argv')
						: undefined;
				const argv =
					inner && ts.isPropertyAssignment(inner)
						? say(inner.initializer, source, values)
						: '<program>';
				return `docker run --rm <image> ${argv}`;
			}

			case 'file': {
				const action = part('action');
				const words = fileWords[action];
				if (words === undefined) return undefined;
				return `${words} ${part('path')}${memberOf(object, 'to') ? ` ${part('to')}` : ''}`;
			}

			default:
				return undefined;
		}
	}

	/** The commands at a node: a literal as it stands, or what a function makes of its arguments. */
	function commandAt(node: ts.Node, source: Source): string | undefined {
		if (ts.isObjectLiteralExpression(node)) return sayCommand(node, source, new Map());
		const isStatement =
			(ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) &&
			statementStart.test(node.getText().slice(1).trimStart());
		if (isStatement) return say(node, source, new Map()).replace(/\s+/g, ' ').trim();
		if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
		const found = meaningOf(node.expression, source);
		const body = found && resultOf(found.node);
		if (!found || !body || !ts.isObjectLiteralExpression(body.result)) return undefined;
		const values = bind(body.parameters, node, source, new Map());
		return sayCommand(body.result, found.source, values);
	}

	const known = new Map<ts.Node, string | undefined>();

	/** As `commandAt`; most declarations belong to many operations. */
	function knownCommandAt(node: ts.Node, source: Source): string | undefined {
		if (!known.has(node)) known.set(node, commandAt(node, source));
		return known.get(node);
	}

	function startsOf(id: string): readonly {readonly node: ts.Node; readonly source: Source}[] {
		const starts: {node: ts.Node; source: Source}[] = [];
		for (const source of sources.values()) {
			if (!source.path.startsWith('src/operations/')) continue;
			for (const declaration of source.own.values()) {
				const visit = (node: ts.Node): void => {
					if (ts.isStringLiteral(node) && node.text === id && isOperationId(node)) {
						starts.push({node: declaration, source});
					}

					node.forEachChild(visit);
				};
				visit(declaration);
			}
		}

		// Parts that are handed to a function which makes the operation.
		const index = sources.get('src/operations/index.ts');
		const made = starts.flatMap(({node}) =>
			ts.isFunctionDeclaration(node) ? [node.name?.text] : [],
		);
		for (const declaration of index?.own.values() ?? []) {
			if (!index || !ts.isVariableDeclaration(declaration)) continue;
			const {initializer} = declaration;
			const isMaker =
				initializer && ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression);
			if (!isMaker || !made.includes(initializer.expression.text)) continue;
			for (const node of initializer.arguments) starts.push({node, source: index});
		}

		return starts;
	}

	return id => {
		const starts = startsOf(id);
		if (starts.length === 0) throw new Error(`no source holds the operation ${id}`);
		const risks = new Set<string>();
		const refusals = new Set<ProblemCode>();
		const commands = new Set<string>();
		const undo = new Set<PhraseCode>();
		reach(starts, (node, source) => {
			if (ts.isStringLiteral(node) && isProblemCode(node.text)) refusals.add(node.text);
			if (ts.isPropertyAssignment(node) && nameOf(node) === 'risk') {
				const collect = (inner: ts.Node): void => {
					if (ts.isStringLiteral(inner) && riskNames.includes(inner.text)) risks.add(inner.text);
					inner.forEachChild(collect);
				};
				collect(node.initializer);
			}

			if (ts.isPropertyAssignment(node) && nameOf(node) === 'undo') {
				const collect = (inner: ts.Node): void => {
					if (ts.isStringLiteral(inner) && isPhraseCode(inner.text)) undo.add(inner.text);
					if (!ts.isArrayLiteralExpression(inner)) inner.forEachChild(collect);
				};
				collect(node.initializer);
			}

			const command = knownCommandAt(node, source);
			if (command !== undefined && /\w/.test(command.replace(/<[^>]*>/g, ''))) {
				commands.add(command.replaceAll('\n', ' '));
			}
		});
		return {
			risks: riskNames.filter(risk => risks.has(risk)),
			refusals: [...refusals].toSorted(),
			commands: withoutVague([...commands]),
			undo: [...undo],
		};
	};
}

/** How a statement begins that changes something. */
const statementStart =
	/^(?:ALTER|CREATE|DROP|GRANT|REVOKE|VACUUM|ANALYZE|REINDEX|COMMENT ON) |^(?:ANALYZE|CHECKPOINT)['`]/;

const riskNames: readonly string[] = ['safe', 'disruptive', 'destructive'];

const fileWords: Readonly<Record<string, string>> = {
	make: 'mkdir',
	write: 'write',
	publish: 'mv -n',
	move: 'mv -n',
	replace: 'mv',
	remove: 'rm -r',
};

function plain(name: string): string {
	return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function isParameterOf(node: ts.Node, name: string): boolean {
	if (!ts.isFunctionLike(node)) return false;
	const names = (binding: ts.BindingName): boolean =>
		ts.isIdentifier(binding)
			? binding.text === name
			: binding.elements.some(element => !ts.isOmittedExpression(element) && names(element.name));
	return node.parameters.some(parameter => names(parameter.name));
}

function isProblemCode(text: string): text is ProblemCode {
	return Object.hasOwn(problems, text);
}

function isPhraseCode(text: string): text is PhraseCode {
	return Object.hasOwn(phrases, text);
}

function isMemberName(node: ts.Identifier): boolean {
	const {parent} = node;
	return (
		(ts.isPropertyAccessExpression(parent) && parent.name === node) ||
		(ts.isPropertyAssignment(parent) && parent.name === node) ||
		ts.isBindingElement(parent)
	);
}

/** An id stands as `id: '…'`, or as the argument of a function that makes operations alike. */
function isOperationId(node: ts.StringLiteral): boolean {
	const {parent} = node;
	if (ts.isCallExpression(parent)) return true;
	return ts.isPropertyAssignment(parent) && nameOf(parent) === 'id';
}

/** Result and parameters of a function that only returns something. */
function resultOf(
	node: ts.Node,
):
	| {readonly result: ts.Expression; readonly parameters: readonly ts.ParameterDeclaration[]}
	| undefined {
	const made =
		ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer)
			? node.initializer
			: ts.isFunctionDeclaration(node)
				? node
				: undefined;
	if (!made?.body) return undefined;
	const {body} = made;
	const last = ts.isBlock(body) ? body.statements.at(-1) : body;
	const result = last && ts.isReturnStatement(last) ? last.expression : last;
	if (!result || ts.isStatement(result)) return undefined;
	const bare = ts.isParenthesizedExpression(result) ? result.expression : result;
	return {result: bare, parameters: [...made.parameters]};
}

/** Leaves out lines that another one says more exactly. */
function withoutVague(lines: readonly string[]): readonly string[] {
	const pattern = (line: string) =>
		new RegExp(
			`^${line
				.split(/<[^>]*>/)
				.map(part => part.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
				.join('.+')}$`,
		);
	return lines.filter(
		line =>
			!lines.some(
				other => other !== line && other.length > line.length && pattern(line).test(other),
			),
	);
}
