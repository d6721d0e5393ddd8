CREATE TABLE `images` (
	`id` binary(16) NOT NULL,
	`product_id` binary(16) NOT NULL,
	`position` int NOT NULL,
	`content_type` varchar(32) NOT NULL,
	`content` mediumblob NOT NULL,
	`sha256` binary(32) NOT NULL,
	`width_pixels` int NOT NULL,
	`height_pixels` int NOT NULL,
	CONSTRAINT `images_id` PRIMARY KEY(`id`),
	CONSTRAINT `images_position` UNIQUE(`product_id`,`position`),
	CONSTRAINT `images_content` UNIQUE(`product_id`,`sha256`)
);
--> statement-breakpoint
CREATE TABLE `product_words` (
	`product_id` binary(16) NOT NULL,
	`word` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `product_words_product_id_word_pk` PRIMARY KEY(`product_id`,`word`)
);
--> statement-breakpoint
CREATE TABLE `products` (
	`id` binary(16) NOT NULL,
	`seller_id` binary(16) NOT NULL,
	`name` varchar(120) NOT NULL,
	`description` text NOT NULL,
	`category` varchar(40) NOT NULL,
	`price_minor` bigint NOT NULL,
	`currency` char(3) NOT NULL,
	`properties` json NOT NULL,
	`status` enum('LISTED','ARCHIVED') NOT NULL,
	`version` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`changed_at` datetime(3) NOT NULL,
	CONSTRAINT `products_id` PRIMARY KEY(`id`),
	CONSTRAINT `products_price_positive` CHECK(`products`.`price_minor` > 0)
);
--> statement-breakpoint
CREATE TABLE `reservation_lines` (
	`order_id` binary(16) NOT NULL,
	`product_id` binary(16) NOT NULL,
	`quantity` int NOT NULL,
	`released_quantity` int NOT NULL,
	`unit_price_minor` bigint NOT NULL,
	`currency` char(3) NOT NULL,
	CONSTRAINT `reservation_lines_order_id_product_id_pk` PRIMARY KEY(`order_id`,`product_id`),
	CONSTRAINT `reservation_lines_released` CHECK(`reservation_lines`.`released_quantity` between 0 and `reservation_lines`.`quantity`)
);
--> statement-breakpoint
CREATE TABLE `reservations` (
	`order_id` binary(16) NOT NULL,
	`status` enum('HELD','CONFIRMED','RELEASED','EXPIRED') NOT NULL,
	`expires_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`changed_at` datetime(3) NOT NULL,
	CONSTRAINT `reservations_order_id` PRIMARY KEY(`order_id`)
);
--> statement-breakpoint
CREATE TABLE `stock` (
	`product_id` binary(16) NOT NULL,
	`stock_count` int NOT NULL,
	`last_sequence` int NOT NULL,
	CONSTRAINT `stock_product_id` PRIMARY KEY(`product_id`),
	CONSTRAINT `stock_count_not_negative` CHECK(`stock`.`stock_count` >= 0)
);
--> statement-breakpoint
CREATE TABLE `stock_movements` (
	`product_id` binary(16) NOT NULL,
	`sequence` int NOT NULL,
	`delta` int NOT NULL,
	`reason` enum('INITIAL','RESTOCK','CORRECTION','LOSS','RESERVED','RELEASED','EXPIRED') NOT NULL,
	`source_id` binary(16) NOT NULL,
	`stock_after` int NOT NULL,
	`at` datetime(3) NOT NULL,
	CONSTRAINT `stock_movements_product_id_sequence_pk` PRIMARY KEY(`product_id`,`sequence`),
	CONSTRAINT `stock_movements_source` UNIQUE(`product_id`,`reason`,`source_id`),
	CONSTRAINT `stock_movements_after` CHECK(`stock_movements`.`stock_after` >= 0)
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
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`owner_id` binary(16) NOT NULL,
	`operation` varchar(40) NOT NULL,
	`key_hash` binary(32) NOT NULL,
	`request_hash` binary(32) NOT NULL,
	`resource_id` binary(16),
	`answer` mediumtext,
	`claims` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `idempotency_keys_owner_id_operation_key_hash_pk` PRIMARY KEY(`owner_id`,`operation`,`key_hash`)
);
--> statement-breakpoint
CREATE TABLE `inbox` (
	`consumer` varchar(64) NOT NULL,
	`message_id` binary(16) NOT NULL,
	`received_at` datetime(3) NOT NULL,
	CONSTRAINT `inbox_consumer_message_id_pk` PRIMARY KEY(`consumer`,`message_id`)
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` binary(16) NOT NULL,
	`type` varchar(64) NOT NULL,
	`payload` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`due_at` datetime(3) NOT NULL,
	`claimed_by` binary(16),
	`attempts` int NOT NULL DEFAULT 0,
	`sent_at` datetime(3),
	CONSTRAINT `outbox_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `product_words_word` ON `product_words` (`word`,`product_id`);--> statement-breakpoint
CREATE INDEX `products_newest` ON `products` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `products_price` ON `products` (`status`,`price_minor`,`id`);--> statement-breakpoint
CREATE INDEX `products_name` ON `products` (`status`,`name`,`id`);--> statement-breakpoint
CREATE INDEX `products_category_newest` ON `products` (`status`,`category`,`id`);--> statement-breakpoint
CREATE INDEX `products_category_price` ON `products` (`status`,`category`,`price_minor`,`id`);--> statement-breakpoint
CREATE INDEX `products_category_name` ON `products` (`status`,`category`,`name`,`id`);--> statement-breakpoint
CREATE INDEX `products_seller` ON `products` (`seller_id`,`id`);--> statement-breakpoint
CREATE INDEX `reservations_expiry` ON `reservations` (`status`,`expires_at`);--> statement-breakpoint
CREATE INDEX `inbox_received` ON `inbox` (`received_at`);--> statement-breakpoint
CREATE INDEX `outbox_sent_due` ON `outbox` (`sent_at`,`due_at`);