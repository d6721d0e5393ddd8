CREATE TABLE `credentials` (
	`user_id` binary(16) NOT NULL,
	`password_hash` varchar(60) NOT NULL,
	`version` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`changed_at` datetime(3) NOT NULL,
	CONSTRAINT `credentials_user_id` PRIMARY KEY(`user_id`)
);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`public_id` char(16) NOT NULL,
	`secret_hash` binary(32) NOT NULL,
	`caller` varchar(64) NOT NULL,
	`scopes` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`revoked_at` datetime(3),
	`last_used_at` datetime(3),
	CONSTRAINT `api_keys_public_id` PRIMARY KEY(`public_id`)
);
