import type {Words} from './words.ts';

/** Labels of a plan's card, shown by --dry-run and before every confirmation. */
export const cardWords = {
	where: {en: 'Where', zh: '位置'},
	risk: {en: 'Risk', zh: '风险'},
	steps: {en: 'What is done', zh: '执行内容'},
	outage: {en: 'What does not answer meanwhile', zh: '期间不可用'},
	space: {en: 'Space', zh: '空间'},
	deletes: {en: 'What is deleted', zh: '将删除'},
	warnings: {en: 'Know before', zh: '注意'},
	undo: {en: 'How it is taken back', zh: '如何撤销'},
	confirm: {en: 'To confirm', zh: '确认方式'},
	environment: {en: 'environment', zh: '环境'},
	host: {en: 'host', zh: '主机'},
	project: {en: 'project', zh: '项目'},
	container: {en: 'container', zh: '容器'},
	postgres: {en: 'PostgreSQL', zh: 'PostgreSQL'},
	redis: {en: 'Redis', zh: 'Redis'},
	backup: {en: 'backup', zh: '备份'},
	'database-facts': {
		en: '{database} (oid {oid}), server {version}, system {system}',
		zh: '{database}（oid {oid}），服务器 {version}，系统标识 {system}',
	},
	'redis-facts': {en: '{version}, run {run}', zh: '{version}，run {run}'},
	'container-facts': {en: '{name} {id}, image {image}', zh: '{name} {id}，镜像 {image}'},
	'is-production': {en: 'THIS IS PRODUCTION', zh: '这是生产环境'},
	'is-unknown': {
		en: 'UNKNOWN ENVIRONMENT: treated as production',
		zh: '未知环境：按生产环境处理',
	},
	production: {en: 'production', zh: '生产'},
	staging: {en: 'staging', zh: '预发布'},
	test: {en: 'test', zh: '测试'},
	development: {en: 'development', zh: '开发'},
	unknown: {en: 'unknown', zh: '未知'},
	safe: {en: 'safe: nothing that runs is touched', zh: '安全：不影响运行中的服务'},
	disruptive: {
		en: 'disruptive: others may notice it (users, programs, colleagues)',
		zh: '有影响：其他人（用户、程序、同事）可能会察觉',
	},
	destructive: {
		en: 'destructive: data is replaced or deleted',
		zh: '破坏性：会替换或删除数据',
	},
	'step-line': {en: '{number}. {title}', zh: '{number}. {title}'},
	'commit-point': {
		en: 'from here on it only goes forward',
		zh: '从这一步起只向前，不再撤销',
	},
	'space-line': {
		en: '{folder}: needs {needed}, free {free}',
		zh: '{folder}：需要 {needed}，可用 {free}',
	},
	'space-line-reserve': {
		en: '{folder}: needs {needed} ({used} for this, {reserve} in reserve that stay free), free {free}',
		zh: '{folder}：需要 {needed}（本次使用 {used}，另保留 {reserve} 空闲），可用 {free}',
	},
	'outage-line': {
		en: '{what}: about {time} ({basis})',
		zh: '{what}：约 {time}（{basis}）',
	},
	'outage-open': {en: '{what}: {basis}', zh: '{what}：{basis}'},
	'no-outage': {en: 'nothing', zh: '无'},
	'delete-line': {en: '{name}{bytes}: {why}', zh: '{name}{bytes}：{why}'},
	'takes-about': {en: 'usually takes {time}', zh: '通常需要 {time}'},
	'press-enter': {en: 'Enter, or --yes', zh: '按 Enter，或使用 --yes'},
	'choose-yes': {en: 'choose yes, or --yes', zh: '选择“是”，或使用 --yes'},
	'type-text': {
		en: "type {text}, or --confirm '{text}'",
		zh: "输入 {text}，或使用 --confirm '{text}'",
	},
} as const satisfies Readonly<Record<string, Words>>;
