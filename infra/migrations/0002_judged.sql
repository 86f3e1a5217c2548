ALTER TABLE `journal` ADD `judged_at_ms` bigint unsigned;--> statement-breakpoint
ALTER TABLE `partitions` ADD `judged_ms` bigint unsigned;