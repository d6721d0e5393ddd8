CREATE TABLE `cancellations` (
	`id` binary(16) NOT NULL,
	`order_id` binary(16) NOT NULL,
	`reason` varchar(500) NOT NULL,
	`lines` json NOT NULL,
	`cancelled_at` datetime(3) NOT NULL,
	`stock_restored_at` datetime(3),
	CONSTRAINT `cancellations_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `order_events` (
	`order_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`type` varchar(32) NOT NULL,
	`actor` enum('BUYER','SELLER','SYSTEM') NOT NULL,
	`actor_id` binary(16),
	`at` datetime(3) NOT NULL,
	`detail` json NOT NULL,
	CONSTRAINT `order_events_order_id_id_pk` PRIMARY KEY(`order_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `order_lines` (
	`order_id` binary(16) NOT NULL,
	`product_id` binary(16) NOT NULL,
	`position` int NOT NULL,
	`seller_id` binary(16) NOT NULL,
	`name` varchar(120) NOT NULL,
	`unit_price_minor` bigint NOT NULL,
	`quantity` int NOT NULL,
	`cancelled_quantity` int NOT NULL DEFAULT 0,
	CONSTRAINT `order_lines_order_id_product_id_pk` PRIMARY KEY(`order_id`,`product_id`),
	CONSTRAINT `order_lines_cancelled` CHECK(`order_lines`.`cancelled_quantity` between 0 and `order_lines`.`quantity`)
);
--> statement-breakpoint
CREATE TABLE `order_parts` (
	`order_id` binary(16) NOT NULL,
	`seller_id` binary(16) NOT NULL,
	`status` enum('AWAITING_SHIPMENT','SHIPPED','DELIVERED','CANCELLED') NOT NULL,
	`carrier` varchar(60),
	`tracking_number` varchar(60),
	`shipped_at` datetime(3),
	`delivered_at` datetime(3),
	CONSTRAINT `order_parts_order_id_seller_id_pk` PRIMARY KEY(`order_id`,`seller_id`)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` binary(16) NOT NULL,
	`buyer_id` binary(16) NOT NULL,
	`status` enum('PENDING','AWAITING_PAYMENT','CONFIRMED','PARTIALLY_SHIPPED','SHIPPED','DELIVERED','CANCELLED','REJECTED') NOT NULL,
	`rejection_reason` enum('OUT_OF_STOCK','PRODUCT_GONE','PRICE_CHANGED','RESERVATION_EXPIRED','PAYMENT_NOT_MADE','NOT_COMPLETED_IN_TIME'),
	`rejected_product_ids` json,
	`currency` char(3) NOT NULL,
	`total_minor` bigint NOT NULL,
	`ship_to` json NOT NULL,
	`placed_key_hash` binary(32) NOT NULL,
	`placed_at` datetime(3) NOT NULL,
	`pay_by` datetime(3),
	`work_due_at` datetime(3),
	CONSTRAINT `orders_id` PRIMARY KEY(`id`),
	CONSTRAINT `orders_buyer_key` UNIQUE(`buyer_id`,`placed_key_hash`),
	CONSTRAINT `orders_total` CHECK(`orders`.`total_minor` >= 0)
);
--> statement-breakpoint
CREATE TABLE `payments` (
	`id` binary(16) NOT NULL,
	`order_id` binary(16) NOT NULL,
	`type` enum('CARD','UPI','NET_BANKING','CASH_ON_DELIVERY') NOT NULL,
	`status` enum('PENDING','AUTHORISED','CAPTURED','DECLINED','VOIDED','DUE_ON_DELIVERY','COLLECTED') NOT NULL,
	`amount_minor` bigint NOT NULL,
	`currency` char(3) NOT NULL,
	`method` varchar(128),
	`last_four` char(4),
	`created_at` datetime(3) NOT NULL,
	`work_due_at` datetime(3),
	CONSTRAINT `payments_id` PRIMARY KEY(`id`),
	CONSTRAINT `payments_amount` CHECK(`payments`.`amount_minor` >= 0)
);
--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` binary(16) NOT NULL,
	`payment_id` binary(16) NOT NULL,
	`order_id` binary(16) NOT NULL,
	`cancellation_id` binary(16) NOT NULL,
	`amount_minor` bigint NOT NULL,
	`status` enum('PENDING','REFUNDED') NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`refunded_at` datetime(3),
	CONSTRAINT `refunds_id` PRIMARY KEY(`id`),
	CONSTRAINT `refunds_cancellation` UNIQUE(`cancellation_id`),
	CONSTRAINT `refunds_amount` CHECK(`refunds`.`amount_minor` > 0)
);
--> statement-breakpoint
CREATE TABLE `sandbox_payments` (
	`payment_id` binary(16) NOT NULL,
	`state` enum('AUTHORISED','DECLINED','CAPTURED','VOIDED') NOT NULL,
	`amount_minor` bigint NOT NULL,
	`changed_at` datetime(3) NOT NULL,
	CONSTRAINT `sandbox_payments_payment_id` PRIMARY KEY(`payment_id`)
);
--> statement-breakpoint
CREATE TABLE `sandbox_refunds` (
	`id` binary(16) NOT NULL,
	`payment_id` binary(16) NOT NULL,
	`amount_minor` bigint NOT NULL,
	`at` datetime(3) NOT NULL,
	CONSTRAINT `sandbox_refunds_id` PRIMARY KEY(`id`)
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
CREATE INDEX `cancellations_order` ON `cancellations` (`order_id`);--> statement-breakpoint
CREATE INDEX `order_parts_seller` ON `order_parts` (`seller_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_buyer_id` ON `orders` (`buyer_id`,`id`);--> statement-breakpoint
CREATE INDEX `orders_work_due_at` ON `orders` (`work_due_at`);--> statement-breakpoint
CREATE INDEX `payments_order` ON `payments` (`order_id`);--> statement-breakpoint
CREATE INDEX `payments_work_due_at` ON `payments` (`work_due_at`);--> statement-breakpoint
CREATE INDEX `refunds_payment` ON `refunds` (`payment_id`);--> statement-breakpoint
CREATE INDEX `refunds_order` ON `refunds` (`order_id`);--> statement-breakpoint
CREATE INDEX `inbox_received` ON `inbox` (`received_at`);--> statement-breakpoint
CREATE INDEX `outbox_sent_due` ON `outbox` (`sent_at`,`due_at`);