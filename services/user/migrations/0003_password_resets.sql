CREATE TABLE `password_resets` (
	`id` binary(16) NOT NULL,
	`user_id` binary(16) NOT NULL,
	`token_hash` binary(32) NOT NULL,
	`credential_version` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`due_at` datetime(3),
	CONSTRAINT `password_resets_id` PRIMARY KEY(`id`),
	CONSTRAINT `password_resets_token_hash_unique` UNIQUE(`token_hash`)
);
--> statement-breakpoint
CREATE TABLE `reset_requests` (
	`id` binary(16) NOT NULL,
	`login` varchar(254) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `reset_requests_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `password_resets_user_id` ON `password_resets` (`user_id`);--> statement-breakpoint
CREATE INDEX `password_resets_expires_at` ON `password_resets` (`expires_at`);--> statement-breakpoint
CREATE INDEX `password_resets_due_at` ON `password_resets` (`due_at`);