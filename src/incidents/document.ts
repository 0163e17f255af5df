import {safeText} from './redact.ts';

/** A cell, an item or a paragraph: plain text. What is not a plain word of ours is escaped by the renderers. */
export type Text = string;

/** A part of a report. Reports are made of these, so that every form of one says the same. */
export type Block =
	| {readonly kind: 'heading'; readonly level: 2 | 3; readonly text: Text}
	| {readonly kind: 'paragraph'; readonly text: Text}
	| {readonly kind: 'list'; readonly items: readonly Text[]}
	| {
			readonly kind: 'table';
			readonly heads: readonly Text[];
			readonly rows: readonly (readonly Text[])[];
	  }
	| {readonly kind: 'code'; readonly lines: readonly Text[]};

/** A report without its form. */
export type ReportDocument = {
	readonly title: Text;
	readonly language: 'en' | 'zh';
	readonly blocks: readonly Block[];
};

/** A heading of the report. */
export function heading(text: Text, level: 2 | 3 = 2): Block {
	return {kind: 'heading', level, text};
}

/** A table, or where it has no row the sentence that says so. */
export function tableOr(
	none: Text,
	heads: readonly Text[],
	rows: readonly (readonly Text[])[],
): Block {
	return rows.length === 0 ? {kind: 'paragraph', text: none} : {kind: 'table', heads, rows};
}

/** A list, or where it is empty the sentence that says so. */
export function listOr(none: Text, items: readonly Text[]): Block {
	return items.length === 0 ? {kind: 'paragraph', text: none} : {kind: 'list', items};
}

/** Text that Markdown shows as it is, also where it looks like markup, a link, HTML or a table. */
function markdownText(text: Text): string {
	return (
		safeText(text)
			.replace(/[\\`*_{}[\]<>#|~!]/g, String.raw`\$&`)
			.replace(/&/g, '&amp;')
			// An address stays readable and is nothing to press.
			.replace(/(https?|ftp|mailto):/gi, '$1&#58;')
			.replace(/\bwww\./gi, 'www&#46;')
	);
}

/** As `markdownText`, where a line begins: a text that looks like an item of a list is none. */
function markdownLine(text: Text): string {
	return markdownText(text)
		.replace(/^([+=-])/, String.raw`\$1`)
		.replace(/^(\d+)([.)])(\s|$)/, String.raw`$1\$2$3`);
}

/** Lines of code between fences that none of them can close. */
function markdownCode(lines: readonly Text[]): string {
	const safe = lines.map(line => safeText(line));
	const longest = Math.max(
		2,
		...safe.flatMap(line => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
	);
	const fence = '`'.repeat(longest + 1);
	return [`${fence}text`, ...safe, fence].join('\n');
}

function markdownBlock(block: Block): string {
	switch (block.kind) {
		case 'heading':
			return `${'#'.repeat(block.level)} ${markdownText(block.text)}`;
		case 'paragraph':
			return markdownLine(block.text);
		case 'list':
			return block.items.map(item => `- ${markdownLine(item)}`).join('\n');
		case 'table': {
			const row = (cells: readonly Text[]) => `| ${cells.map(markdownText).join(' | ')} |`;
			return [row(block.heads), row(block.heads.map(() => '---')), ...block.rows.map(row)].join(
				'\n',
			);
		}

		case 'code':
			return markdownCode(block.lines);
	}
}

/** The report as Markdown. Every text is cleaned, masked and escaped here, once more and whatever was done before. */
export function markdownOf({title, blocks}: ReportDocument): string {
	return (
		[`# ${markdownText(title)}`, ...blocks.map(markdownBlock), ''].join('\n\n').trimEnd() + '\n'
	);
}

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function htmlText(text: Text): string {
	return safeText(text).replace(/[&<>"']/g, character => entities[character] ?? '');
}

function htmlBlock(block: Block): string {
	switch (block.kind) {
		case 'heading':
			return `<h${block.level}>${htmlText(block.text)}</h${block.level}>`;
		case 'paragraph':
			return `<p>${htmlText(block.text)}</p>`;
		case 'list':
			return `<ul>${block.items.map(item => `<li>${htmlText(item)}</li>`).join('')}</ul>`;
		case 'table': {
			const row = (cells: readonly Text[], tag: 'th' | 'td') =>
				`<tr>${cells.map(cell => `<${tag}>${htmlText(cell)}</${tag}>`).join('')}</tr>`;
			const rows = block.rows.map(cells => row(cells, 'td')).join('\n');
			return `<table>\n<thead>${row(block.heads, 'th')}</thead>\n<tbody>\n${rows}\n</tbody>\n</table>`;
		}

		case 'code':
			return `<pre>${block.lines.map(htmlText).join('\n')}</pre>`;
	}
}

const style = [
	'body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#1a1a1a;background:#fff}',
	'h1{font-size:1.6em}h2{margin-top:2em;border-bottom:1px solid #ccc}',
	'table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}',
	'th{background:#f2f2f2}pre{background:#f6f6f6;border:1px solid #ddd;padding:.6em;white-space:pre-wrap;overflow-wrap:anywhere}',
	'@media print{body{margin:0;max-width:none}tr,pre{break-inside:avoid}}',
].join('\n');

/**
 * The report as one HTML file that needs nothing else: no script, no address that is fetched, and a policy that forbids
 * both. Every text is cleaned, masked and escaped here.
 */
export function htmlOf({title, language, blocks}: ReportDocument): string {
	const policy =
		"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
	return [
		'<!doctype html>',
		`<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">`,
		'<head>',
		'<meta charset="utf-8">',
		`<meta http-equiv="Content-Security-Policy" content="${policy}">`,
		'<meta name="viewport" content="width=device-width, initial-scale=1">',
		`<title>${htmlText(title)}</title>`,
		`<style>\n${style}\n</style>`,
		'</head>',
		'<body>',
		`<h1>${htmlText(title)}</h1>`,
		...blocks.map(htmlBlock),
		'</body>',
		'</html>',
		'',
	].join('\n');
}
