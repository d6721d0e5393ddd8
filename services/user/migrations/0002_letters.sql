CREATE TABLE `letters` (
	`id` binary(16) NOT NULL,
	`kind` varchar(40) NOT NULL,
	`cause` varchar(120) NOT NULL,
	`user_id` binary(16) NOT NULL,
	`recipient` json NOT NULL,
	`facts` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`useless_at` datetime(3) NOT NULL,
	`due_at` datetime(3),
	`attempts` int NOT NULL DEFAULT 0,
	`sent_at` datetime(3),
	`reason` varchar(200),
	CONSTRAINT `letters_id` PRIMARY KEY(`id`),
	CONSTRAINT `letters_cause_unique` UNIQUE(`cause`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD `language` enum('en','de');--> statement-breakpoint
CREATE INDEX `letters_due_at` ON `letters` (`due_at`);--> statement-breakpoint
CREATE INDEX `letters_user_id` ON `letters` (`user_id`);