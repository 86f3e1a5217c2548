ALTER TABLE `parked` ADD `dismissed_at_ms` bigint unsigned;--> statement-breakpoint
ALTER TABLE `parked` ADD `dismissed_by` varchar(255) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `parked` ADD `dismissed_because` varchar(2000) character set utf8mb4 collate utf8mb4_bin;