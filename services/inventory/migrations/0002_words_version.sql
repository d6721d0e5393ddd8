ALTER TABLE `products` ADD `words_version` int DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `products_currency_price` ON `products` (`status`,`currency`,`price_minor`,`id`);--> statement-breakpoint
CREATE INDEX `products_words_version` ON `products` (`words_version`,`id`);