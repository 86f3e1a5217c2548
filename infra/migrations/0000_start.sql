CREATE TABLE `journal` (
	`partition_id` smallint unsigned NOT NULL,
	`position` bigint unsigned NOT NULL,
	`request_id` binary(16),
	`type` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`show_id` binary(16) NOT NULL,
	`stream_ms` bigint unsigned NOT NULL,
	`stream_seq` bigint unsigned NOT NULL,
	`decided_at_ms` bigint unsigned NOT NULL,
	`late` boolean NOT NULL,
	`data` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `journal_partition_id_position_pk` PRIMARY KEY(`partition_id`,`position`),
	CONSTRAINT `journal_request` UNIQUE(`request_id`)
);
--> statement-breakpoint
CREATE TABLE `parked` (
	`partition_id` smallint unsigned NOT NULL,
	`stream_ms` bigint unsigned NOT NULL,
	`stream_seq` bigint unsigned NOT NULL,
	`sha256` binary(32) NOT NULL,
	`request_id` binary(16),
	`raw` mediumblob NOT NULL,
	`reason` text character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`attempts` int unsigned NOT NULL,
	`redriven_as` varchar(40) character set utf8mb4 collate utf8mb4_bin,
	`parked_at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `parked_partition_id_stream_ms_stream_seq_sha256_pk` PRIMARY KEY(`partition_id`,`stream_ms`,`stream_seq`,`sha256`)
);
--> statement-breakpoint
CREATE TABLE `partitions` (
	`id` smallint unsigned NOT NULL,
	`epoch` bigint unsigned NOT NULL,
	`claim` binary(16),
	`position` bigint unsigned NOT NULL,
	`watermark_ms` bigint unsigned NOT NULL,
	`watermark_seq` bigint unsigned NOT NULL,
	`clock_ms` bigint unsigned NOT NULL,
	`owner` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`claimed_at_ms` bigint unsigned,
	CONSTRAINT `partitions_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `pools` (
	`show_id` binary(16) NOT NULL,
	`pool_id` varbinary(64) NOT NULL,
	`partition_id` smallint unsigned NOT NULL,
	`ordinal` smallint unsigned NOT NULL,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`capacity` int NOT NULL,
	`held` int NOT NULL,
	`confirmed` int NOT NULL,
	`as_of_ms` bigint unsigned NOT NULL,
	CONSTRAINT `pools_show_id_pool_id_pk` PRIMARY KEY(`show_id`,`pool_id`),
	CONSTRAINT `pools_never_oversold` CHECK(held + confirmed <= capacity),
	CONSTRAINT `pools_never_negative` CHECK(held >= 0 AND confirmed >= 0)
);
--> statement-breakpoint
CREATE TABLE `reservations` (
	`id` binary(16) NOT NULL,
	`partition_id` smallint unsigned NOT NULL,
	`show_id` binary(16) NOT NULL,
	`customer_id` varbinary(128) NOT NULL,
	`status` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`reason` varchar(40) character set utf8mb4 collate utf8mb4_bin,
	`pool_id` varbinary(64),
	`line_list` text character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`reference` varbinary(512),
	`requested_ms` bigint unsigned NOT NULL,
	`requested_seq` bigint unsigned NOT NULL,
	`decided_at_ms` bigint unsigned,
	CONSTRAINT `reservations_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`name` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`value` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `settings_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
CREATE TABLE `shows` (
	`id` binary(16) NOT NULL,
	`partition_id` smallint unsigned NOT NULL,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`revision` int unsigned NOT NULL,
	`opened_at_ms` bigint unsigned NOT NULL,
	`rules` text character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `shows_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `parked_request` ON `parked` (`request_id`);--> statement-breakpoint
CREATE INDEX `reservations_customer` ON `reservations` (`customer_id`,`id`);--> statement-breakpoint
CREATE INDEX `shows_partition` ON `shows` (`partition_id`,`id`);