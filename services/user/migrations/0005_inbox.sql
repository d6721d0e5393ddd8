CREATE TABLE `inbox` (
	`consumer` varchar(64) NOT NULL,
	`message_id` binary(16) NOT NULL,
	`received_at` datetime(3) NOT NULL,
	CONSTRAINT `inbox_consumer_message_id_pk` PRIMARY KEY(`consumer`,`message_id`)
);
--> statement-breakpoint
CREATE INDEX `inbox_received` ON `inbox` (`received_at`);