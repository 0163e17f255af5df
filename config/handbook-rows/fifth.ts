import {key, notYet, operation, panel, row, runbook, setting, type HandbookRow} from './row.ts';

/** H5, fund-calc. */
export const rowsOfFifth: readonly HandbookRow[] = [
	row(
		'H5-01',
		['environments never confused', '环境绝不混淆'],
		setting('environment'),
		key('confirm'),
	),
	row(
		'H5-02',
		['a stack without PostgreSQL', '没有 PostgreSQL 的服务栈'],
		setting('system'),
		panel('redis'),
	),
	row(
		'H5-03',
		['what version runs, what CI built', '运行版本与 CI 构建'],
		setting('endpoints'),
		key('detail'),
		notYet('what CI built is not known'),
	),
	row(
		'H5-04',
		['deploy by image tag', '按镜像标签部署'],
		operation('recreate-service'),
		notYet('it pulls no tag; recreate brings what the Compose file names'),
	),
	row(
		'H5-05',
		['/health and /metrics JSON', '/health 与 /metrics JSON'],
		setting('endpoints'),
		panel('containers'),
	),
	row('H5-06', ['Prometheus targets', 'Prometheus 采集目标'], notYet('Prometheus is not read')),
	row('H5-07', ['JSON log lines', 'JSON 日志'], panel('errors'), setting('logs')),
	row(
		'H5-08',
		['Redis backup, 7 days', 'Redis 备份，7 天'],
		operation('backup-redis'),
		operation('install-schedule'),
		operation('prune-backups'),
	),
	row('H5-09', ['backup of the configuration', '配置备份'], operation('backup-files')),
	row(
		'H5-10',
		['disaster recovery of Redis', 'Redis 灾难恢复'],
		operation('restore-redis'),
		runbook('disaster-recovery'),
	),
	row(
		'H5-11',
		['firewall, TLS, rate limits', '防火墙、TLS、限流'],
		setting('thresholds.endpoint.certificate-days'),
		runbook('security-tasks'),
		notYet(
			'open ports and the certificate are seen; rules of the firewall, TLS versions and rate limits are not',
		),
	),
	row(
		'H5-12',
		['Redis limits compared', 'Redis 限制比对'],
		runbook('inspection-periodic'),
		setting('thresholds.redis.memory-used'),
		operation('set-redis-memory'),
		operation('set-redis-policy'),
		operation('set-redis-save'),
	),
	row('H5-13', ['kernel settings for Redis', 'Redis 的内核设置'], runbook('inspection-periodic')),
	row(
		'H5-14',
		['wizards: start, performance', '向导：启动、性能'],
		runbook('service-will-not-start'),
		runbook('api-slow'),
		runbook('redis-cache-trouble'),
		runbook('high-cpu'),
	),
	row('H5-15', ['incident flow', '故障处理流程'], runbook('incident-flow')),
	row(
		'H5-16',
		['daily, periodic, emergency check lists', '日常、周期、应急检查清单'],
		runbook('inspection-daily'),
		runbook('inspection-periodic'),
		runbook('inspection-emergency'),
	),
];
