CREATE INDEX `cancellations_stock_out` ON `cancellations` (`stock_restored_at`,`order_id`);--> statement-breakpoint
CREATE INDEX `order_parts_seller_status` ON `order_parts` (`seller_id`,`status`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_placed` ON `orders` (`placed_at`);--> statement-breakpoint
CREATE INDEX `orders_status_placed` ON `orders` (`status`,`placed_at`);--> statement-breakpoint
CREATE INDEX `payments_status_due` ON `payments` (`status`,`work_due_at`);--> statement-breakpoint
CREATE INDEX `refunds_payment_status` ON `refunds` (`payment_id`,`status`);--> statement-breakpoint
CREATE INDEX `refunds_status` ON `refunds` (`status`);--> statement-breakpoint
CREATE INDEX `refunds_order_cancellation` ON `refunds` (`order_id`,`cancellation_id`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);