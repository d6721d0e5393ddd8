CREATE TABLE `addresses` (
	`user_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`default_of` binary(16),
	`kind` enum('HOME','WORK','OTHER') NOT NULL,
	`recipient` varchar(120) NOT NULL,
	`line1` varchar(120) NOT NULL,
	`line2` varchar(120),
	`city` varchar(80) NOT NULL,
	`region` varchar(80),
	`postal_code` varchar(16) NOT NULL,
	`country` char(2) NOT NULL,
	CONSTRAINT `addresses_user_id_id_pk` PRIMARY KEY(`user_id`,`id`),
	CONSTRAINT `addresses_default_of_unique` UNIQUE(`default_of`),
	CONSTRAINT `addresses_default_of_its_owner` CHECK(default_of is null or default_of = user_id)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` binary(16) NOT NULL,
	`type` enum('BUYER','SELLER') NOT NULL,
	`status` enum('PENDING','ACTIVE','CLOSING','CLOSED') NOT NULL,
	`name` varchar(120) NOT NULL,
	`email` varchar(254),
	`mobile_number` varchar(16),
	`version` int NOT NULL,
	`sessions_epoch` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`changed_at` datetime(3) NOT NULL,
	`activated_at` datetime(3),
	CONSTRAINT `users_id` PRIMARY KEY(`id`),
	CONSTRAINT `users_email_unique` UNIQUE(`email`),
	CONSTRAINT `users_mobile_number_unique` UNIQUE(`mobile_number`),
	CONSTRAINT `users_login_while_open` CHECK((email is not null) = (status in ('PENDING', 'ACTIVE')) and (mobile_number is not null) = (email is not null))
);
--> statement-breakpoint
ALTER TABLE `addresses` ADD CONSTRAINT `addresses_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `users_status_changed_at` ON `users` (`status`,`changed_at`);