CREATE TABLE `sellers` (
	`id` binary(16) NOT NULL,
	`stopped_until` datetime(3),
	CONSTRAINT `sellers_id` PRIMARY KEY(`id`)
);
