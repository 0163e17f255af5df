import type {Words} from './words.ts';

/**
 * What the failures that looks tell apart are called, by the value that conditions compare. Every list of failures in
 * `src/runbooks/looks` takes its words from here.
 */
export const failureWords = {
	none: {en: 'none', zh: '无'},
	refused: {en: 'connection refused', zh: '连接被拒绝'},
	timeout: {en: 'no answer in time', zh: '超时无响应'},
	authentication: {en: 'login refused', zh: '认证被拒绝'},
	'no-database': {en: 'no such database', zh: '数据库不存在'},
	'too-many-clients': {en: 'too many clients', zh: '客户端过多'},
	starting: {en: 'it is still starting', zh: '仍在启动'},
	restoring: {en: 'closed for its own restore', zh: '正在恢复，暂不接受连接'},
	loading: {en: 'it still loads its data', zh: '仍在加载数据'},
	'busy-script': {en: 'a script keeps it busy', zh: '被脚本占用'},
	name: {en: 'its name is not found', zh: '名称无法解析'},
	unreachable: {en: 'not reachable', zh: '网络不可达'},
	tls: {en: 'TLS fails', zh: 'TLS 失败'},
	reset: {en: 'connection cut off', zh: '连接被中断'},
	status: {en: 'its status is an error', zh: '返回错误状态码'},
	'not-installed': {en: 'not installed', zh: '未安装'},
	'not-running': {en: 'not running', zh: '未运行'},
	version: {en: 'its version is too old', zh: '版本过旧'},
	'no-right': {en: 'no right to it', zh: '无权限'},
	'no-folder': {en: 'no such folder', zh: '目录不存在'},
	other: {en: 'another reason', zh: '其他原因'},
} as const satisfies Readonly<Record<string, Words>>;

/** A failure that has words. */
export type FailureWord = keyof typeof failureWords;
