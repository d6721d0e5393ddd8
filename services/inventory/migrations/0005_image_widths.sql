CREATE TABLE `image_widths` (
	`image_id` binary(16) NOT NULL,
	`width_pixels` int NOT NULL,
	`content` mediumblob NOT NULL,
	CONSTRAINT `image_widths_image_id_width_pixels_pk` PRIMARY KEY(`image_id`,`width_pixels`)
);
