CREATE TABLE `holds` (
	`reservation_id` binary(16) NOT NULL,
	`partition_id` smallint unsigned NOT NULL,
	`expires_at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `holds_reservation_id` PRIMARY KEY(`reservation_id`)
);
--> statement-breakpoint
CREATE TABLE `request_keys` (
	`key_hash` binary(16) NOT NULL,
	`request_id` binary(16) NOT NULL,
	`fingerprint` binary(16) NOT NULL,
	`made_at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `request_keys_key_hash` PRIMARY KEY(`key_hash`)
);
--> statement-breakpoint
CREATE TABLE `reservation_decisions` (
	`reservation_id` binary(16) NOT NULL,
	`partition_id` smallint unsigned NOT NULL,
	`position` bigint unsigned NOT NULL,
	CONSTRAINT `reservation_decisions_reservation_id_position_pk` PRIMARY KEY(`reservation_id`,`position`)
);
--> statement-breakpoint
ALTER TABLE `journal` MODIFY COLUMN `show_id` binary(16);--> statement-breakpoint
ALTER TABLE `journal` MODIFY COLUMN `stream_ms` bigint unsigned;--> statement-breakpoint
ALTER TABLE `journal` MODIFY COLUMN `stream_seq` bigint unsigned;--> statement-breakpoint
ALTER TABLE `pools` ADD `target` int;--> statement-breakpoint
ALTER TABLE `reservations` ADD `expires_at_ms` bigint unsigned;--> statement-breakpoint
ALTER TABLE `reservations` ADD `extended` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `reservations` ADD `changed_at_ms` bigint unsigned;--> statement-breakpoint
ALTER TABLE `reservations` ADD `first_id` binary(16);--> statement-breakpoint
CREATE INDEX `holds_due` ON `holds` (`partition_id`,`expires_at_ms`,`reservation_id`);--> statement-breakpoint
CREATE INDEX `request_keys_age` ON `request_keys` (`made_at_ms`);--> statement-breakpoint
CREATE INDEX `reservations_show` ON `reservations` (`show_id`,`id`);