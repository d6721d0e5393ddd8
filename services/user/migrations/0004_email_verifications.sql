CREATE TABLE `email_verifications` (
	`id` binary(16) NOT NULL,
	`user_id` binary(16) NOT NULL,
	`token_hash` binary(32) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	CONSTRAINT `email_verifications_id` PRIMARY KEY(`id`),
	CONSTRAINT `email_verifications_token_hash_unique` UNIQUE(`token_hash`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD `email_verified_at` datetime(3);--> statement-breakpoint
CREATE INDEX `email_verifications_user_id` ON `email_verifications` (`user_id`);--> statement-breakpoint
CREATE INDEX `email_verifications_expires_at` ON `email_verifications` (`expires_at`);