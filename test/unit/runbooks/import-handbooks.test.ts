import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {formatConfigError} from '../../../config/error.ts';
import {readRunbook} from '../../../config/read-runbook.ts';
import {draftOf} from '../../../src/runbooks/import/draft.ts';
import {draftId, importHandbook} from '../../../src/runbooks/import/index.ts';
import type {DangerId} from '../../../src/words/dangers/index.ts';

// The five handbooks without their programs, diagrams and most configuration.
const folder = join(import.meta.dirname, 'handbooks');
const textOf = (name: string): string => readFileSync(join(folder, `${name}.txt`), 'utf8');

// Every command whose fault was shown, by its first words.
const faults: Readonly<Record<string, readonly (readonly [start: string, id: DangerId])[]>> = {
	'football-prediction': [
		['curl -f http://localhost/health || echo', 'probe-without-limit'],
		['error_count=$(docker-compose logs app', 'count-twice'],
		['error_count=$(docker-compose logs app', 'logs-unbounded'],
		['last_backup=$(ls -lt', 'newest-guessed'],
		['sudo apt update && sudo apt upgrade -y', 'os-upgraded'],
		['docker system prune -f', 'prune-system'],
		['docker volume prune -f', 'prune-volumes'],
		['find /var/log/ -name', 'logs-deleted'],
		['/opt/football-prediction/scripts/backup_verification.sh', 'script-of-this-handbook'],
		['docker-compose exec -T db pg_dump', 'dump-to-file'],
		['gzip "$BACKUP_DIR/db_backup', 'second-copy'],
		['find "$BACKUP_DIR" -name "db_backup_*.sql.gz" -mtime +30', 'age-only'],
		['tar -czf "$BACKUP_DIR/config_backup', 'archive-open'],
		['0 2 * * * /opt/football-prediction/scripts/backup_database.sh', 'cron-without-user'],
		['0 14 * * * ', 'cron-without-user'],
		['0 3 1 * * ', 'cron-without-user'],
		['docker-compose down', 'compose-down'],
		['gunzip -c "$BACKUP_FILE" | docker-compose exec', 'restore-into-live'],
		['docker-compose exec db psql -U postgres -d football_prediction', 'exec-terminal'],
		['tar -xzf "$BACKUP_FILE" -C /', 'unpacked-over-root'],
		['latest_backup=$(find', 'time-never-shown'],
		['find "$BACKUP_DIR" -name "*.gz" -exec gzip -t', 'check-says-nothing'],
		['/opt/football-prediction/scripts/backup_database.sh', 'script-of-this-handbook'],
		['/opt/football-prediction/scripts/backup_config.sh', 'script-of-this-handbook'],
		['git checkout "$VERSION"', 'tree-switched'],
		['docker-compose exec app alembic', 'migrate-in-old-container'],
		['sleep 30', 'fixed-pause'],
		['CURRENT_CONTAINERS=$(docker-compose ps -q)', 'any-container'],
		['find /opt/football-prediction -type f -perm', 'find-wrong-option'],
		['docker run --rm -v /var/run/docker.sock', 'docker-socket'],
		['ufw allow ssh', 'firewall-beside-docker'],
		['ufw enable', 'firewall-beside-docker'],
		['ufw allow established', 'firewall-no-such-rule'],
		['ufw allow related', 'firewall-no-such-rule'],
		['CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_users', 'index-not-renewed'],
		['SELECT query, mean_time, calls', 'old-statement-columns'],
		['docker-compose logs app | tail -50', 'logs-unbounded'],
		['docker-compose config', 'secrets-printed'],
		['ping -c 4 8.8.8.8', 'ping-outside'],
		['#!/bin/bash', 'shebang-late'],
	],
	'learning-platform': [
		['docker-compose up --abort', 'up-attached'],
		['docker-compose config', 'secrets-printed'],
		['docker-compose down -v', 'down-volumes'],
		['docker system prune -af', 'prune-system'],
		['docker-compose exec redis redis-cli --latency', 'redis-latency-endless'],
		['docker-compose exec postgres psql -U postgres -c "\nSELECT pg_terminate', 'sessions-ended'],
		['docker-compose restart backend', 'restart-service'],
		['docker-compose exec redis redis-cli --scan', 'redis-keys-deleted'],
		['docker-compose exec redis redis-cli config set maxmemory 1gb', 'redis-setting-lost'],
		['docker-compose exec redis redis-cli config set maxmemory-policy', 'redis-evicts-everything'],
		['docker-compose restart redis', 'restart-service'],
		['docker-compose exec frontend printenv', 'secrets-printed'],
		['docker-compose exec -T postgres pg_dump', 'dump-in-pipe'],
		['find $BACKUP_DIR -name', 'age-only'],
		['echo "0 2 * * * /usr/local/bin/backup-db.sh" | crontab', 'crontab-replaced'],
		['tar -czf /var/backups/platform/files_', 'date-only-name'],
		['docker-compose stop backend', 'stop-service'],
		['gunzip < /var/backups/platform/db_backup_20251031', 'restore-into-live'],
		['tar -xzf /var/backups/platform', 'unpacked-over-root'],
		['SELECT \n  calls,', 'old-statement-columns'],
		['REINDEX DATABASE', 'reindex-locking'],
		['VACUUM FULL', 'vacuum-full'],
		['redis-cli config set maxmemory-policy', 'redis-evicts-everything'],
		['git stash', 'tree-switched'],
		['pip install', 'host-packages'],
		['npm install', 'host-packages'],
		['docker-compose up -d --no-deps --build backend', 'build-in-outage'],
		['docker-compose down', 'compose-down'],
		['git reset --hard', 'history-lost'],
		['gunzip < /var/backups/platform/db_backup_latest', 'restore-into-live'],
		['docker-compose restart', 'restart-everything'],
	],
	'stock-analysis': [
		['kubectl delete -f', 'kubernetes-removed'],
		['pkill -f', 'processes-killed'],
		['psql -h localhost -U username -d stockdb -c', 'may-prompt'],
		['pg_dump -h localhost -U username stockdb >', 'dump-to-file'],
		['find $BACKUP_DIR -name "*.sql.gz"', 'age-only'],
		['gunzip -c /backup/database', 'restore-into-live'],
		['REINDEX DATABASE', 'reindex-locking'],
		['VACUUM FULL', 'vacuum-full'],
		["  smtp_auth_password: 'your-password'", 'secret-written'],
		['systemctl restart stock-analysis', 'unit-restarted'],
		['psql -c "SELECT query, query_start', 'active-only'],
		['systemctl restart postgresql', 'unit-restarted'],
		['redis-cli flushdb', 'redis-flushed'],
		['systemctl restart redis', 'unit-restarted'],
		['perf top -p', 'several-pids'],
		['pg_dump -h localhost -U username stockdb | gzip', 'dump-in-pipe'],
		['tar -czf $BACKUP_DIR/logs_backup', 'archive-open'],
		['find $BACKUP_DIR -name "*backup*"', 'age-only'],
		['ALTER SYSTEM SET max_connections', 'settings-altered'],
		["echo 'net.core.somaxconn", 'kernel-setting'],
		['sysctl -p', 'kernel-setting'],
		["echo '* soft nofile", 'kernel-setting'],
		['ufw deny 8000', 'firewall-beside-docker'],
		['        systemctl restart $1', 'loop-restarts'],
		['    find /var/log -name', 'logs-deleted'],
		['docker build -t stock-analysis:latest', 'latest-image'],
		['    docker-compose down', 'compose-down'],
	],
	'app-example': [
		['cat config/prod.yaml', 'secrets-printed'],
		['env | grep APP_', 'secrets-printed'],
		['curl http://database:5432', 'probe-of-database'],
		['echo $DATABASE_URL', 'secrets-printed'],
		['psql -d app -c "SELECT * FROM pg_stat_statements', 'old-statement-columns'],
		['redis-cli INFO stats', 'redis-no-such-field'],
		['git push -f', 'history-lost'],
		['pg_dump app > backup_before', 'dump-to-file'],
		['psql -d app -f', 'psql-file'],
		['systemctl reload app-example', 'reload-not-read'],
		['0 2 * * * pg_dump', 'dump-to-file'],
		['# archive_command', 'wal-archive-copy'],
		['pg_dump -h localhost -U user -d app -F c', 'dump-to-file'],
		['psql -d app < backup', 'restore-into-live'],
		['pytest tests/example/test_smoke.py', 'tests-on-live'],
		['pg_restore -d app -T', 'restore-wrong-option'],
		['docker-compose up --scale', 'scale-compose'],
		['export LOG_LEVEL=DEBUG', 'variables-not-inherited'],
		['psql -d app -c "\n  SELECT query, mean_time', 'old-statement-columns'],
		['strace -p', 'process-traced'],
	],
	'fund-calc': [
		['sed -i "s/image: fund-calc-frontend', 'compose-edited-blindly'],
		['sed -i "s/image: fund-calc-backend', 'compose-edited-blindly'],
		['docker-compose -f docker-compose.prod.yml up -d --no-deps backend', 'build-in-outage'],
		['sleep 30', 'fixed-pause'],
		['docker exec redis redis-cli BGSAVE', 'redis-save-guessed'],
		['docker exec redis redis-cli BGSAVE', 'fixed-container-name'],
		['sleep 10', 'fixed-pause'],
		['docker cp redis:/data/dump.rdb', 'redis-file-copied'],
		['find $BACKUP_DIR -name', 'age-only'],
		['docker-compose -f docker-compose.prod.yml down', 'compose-down'],
		['  gunzip -c $BACKUP_FILE > /tmp/dump.rdb', 'predictable-file'],
		['  docker run --rm -v redis-data', 'volume-by-name'],
		['maxmemory-policy allkeys-lru', 'redis-evicts-everything'],
	],
};

describe.each(Object.keys(faults))('%s', name => {
	const markdown = textOf(name);
	const draft = draftOf(markdown);
	const commands = draft.items.flatMap(item => item.commands);

	test.each(['en', 'zh'] as const)('becomes a valid checklist (%s)', language => {
		const {yaml, itemCount, markedCount} = importHandbook(markdown, {
			name: `${name}.md`,
			id: name,
			language,
		});
		const read = readRunbook(yaml, `${name}.yaml`, name);
		expect(read.ok ? [] : read.errors.map(error => formatConfigError(error, 'en'))).toEqual([]);
		if (!read.ok || read.runbook.kind !== 'checklist') throw new Error('no checklist');
		expect(read.runbook.items).toHaveLength(itemCount);
		expect(read.runbook.items.every(item => item.by === 'person')).toBe(true);
		expect(markedCount).toBeGreaterThan(20);
	});

	test.each(faults[name] ?? [])('marks %s as %s', (start, id) => {
		const found = commands.filter(({text}) => text.startsWith(start));
		expect(found).not.toEqual([]);
		expect(found.flatMap(({marks}) => marks.map(mark => mark.id))).toContain(id);
	});

	test('every command stands at its line of the handbook', () => {
		const lines = markdown.split('\n');
		for (const {line, text} of commands) expect(lines[line - 1]).toContain(text.split('\n')[0]);
	});
});

test('headings, check boxes, steps and measurable bullets become items; contents and prose do not', () => {
	const {items, title} = draftOf(
		[
			'# 运维手册',
			'1. [系统概述](#系统概述)',
			'## 恢复',
			'一段说明。',
			'- [ ] 服务进程正常运行',
			'- [x] **数据库**连接正常',
			'1. **评估损坏程度**',
			'   - 确定故障范围',
			'- **响应时间**: 95th百分位 < 200ms',
			'- **CPU**',
			'| 频率 | 任务 |',
			'|---|---|',
			'| 每日 | 备份验证 |',
			'- [ ] 最后',
		].join('\n'),
	);
	expect(title).toBe('运维手册');
	expect(items.map(item => item.title)).toEqual([
		'服务进程正常运行',
		'数据库连接正常',
		'评估损坏程度',
		'响应时间: 95th百分位 < 200ms',
		'最后',
	]);
	expect(items[0]).toMatchObject({section: ['恢复'], notes: ['一段说明。']});
	expect(items[2]?.notes).toEqual(['确定故障范围']);
	expect(items[4]?.notes).toEqual(['CPU', '频率 | 任务', '每日 | 备份验证']);
});

test('a fence that a heading is glued to ends there', () => {
	const sections = draftOf(textOf('stock-analysis')).items.map(item => item.section.join(' / '));
	expect(sections).toContain('日常运维 / 服务启动和停止 / 停止服务');
	expect(sections).toContain('监控告警 / 告警通知配置 / Alertmanager配置');
});

test('secrets, control characters and braces of a handbook do not come through', () => {
	const {yaml} = importHandbook(
		'# A {b.c} \'x\'\n## \u001b[31mred\n```bash\nPGPASSWORD=hunter2 psql -c "SELECT 1"\nredis-cli -a hunter2 ping\n```\n',
		{name: 'a.md', id: 'a', language: 'en'},
	);
	expect(yaml).not.toContain('hunter2');
	expect(yaml).not.toContain('\u001b');
	expect(readRunbook(yaml, 'a.yaml', 'a').ok).toBe(true);
});

test('a handbook that is far too long is cut, and stays valid', () => {
	const part = '## Step\n```bash\n# 1. look [a, b, {c\ndocker ps [ { ,,,,\n```\n';
	const markdown = `# Long\n${part.repeat(4000)}`;
	const {yaml} = importHandbook(markdown, {name: 'long.md', id: 'long', language: 'en'});
	expect(yaml).toContain('is left out');
	const read = readRunbook(yaml, 'long.yaml', 'long');
	expect(read.ok ? [] : read.errors).toEqual([]);
});

test.each([
	['HANDBOOK.md', 'handbook'],
	['Ops Runbook_v2.markdown', 'ops-runbook-v2'],
	['运维手册.md', 'handbook'],
	['08-deploy.md', 'handbook-08-deploy'],
])('%s becomes %s', (file, id) => {
	expect(draftId(file)).toBe(id);
});
