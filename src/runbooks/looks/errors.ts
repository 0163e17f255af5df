import {number, oneOf, text, truth} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Looks at the errors of all logs. */
export const errorsLooks = {
	'errors.summary': {
		title: {en: 'Errors in the logs', zh: '日志中的错误'},
		on: 'stack',
		from: {en: 'logs of all services', zh: '所有服务的日志'},
		fields: {
			'errors-per-minute': number('per-minute', 'Errors', '错误'),
			'server-errors': number('percent', 'Answers 5xx', '5xx 占比'),
			'requests-per-second': number('per-second', 'Requests', '请求'),
			kinds: number('count', 'Kinds of errors in 15 min', '15 分钟内错误种类'),
			'new-kinds': number('count', 'Kinds first seen in 15 min', '15 分钟内新错误种类'),
			top: text('Most frequent error', '最频繁的错误'),
			'top-service': text('Its service', '所属服务'),
			'top-count': number('count', 'How often', '次数'),
			'top-rate': number('per-minute', 'How often now', '当前频率'),
			'top-age': number('seconds', 'First seen', '首次出现于'),
			'is-top-new': truth('First seen within 15 min', '15 分钟内首次出现'),
			'top-kind': oneOf(
				[
					'database',
					'redis',
					'network',
					'disk',
					'memory',
					'configuration',
					'code',
					'other',
					'none',
				],
				'What it is about',
				'涉及方面',
			),
			'refused-by-database': text(
				'Service whose login a database refuses',
				'数据库登录被拒绝的服务',
			),
			noisiest: text('Service with most errors', '错误最多的服务'),
			'noisiest-percent': number('percent', 'Its share', '其占比'),
			'no-room-rate': number(
				'per-minute',
				'Lines that find no room on a disk',
				'“磁盘无空间”的错误',
			),
			'no-room-service': text('Service that says so', '报此错误的服务'),
			'unread-logs': number('count', 'Logs that cannot be read', '无法读取的日志数'),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
