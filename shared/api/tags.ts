/** The groups of operations, with what a reader of the document finds in each. */
export const tags: Readonly<Record<string, string>> = {
  'API keys': 'Keys by which services call this one: issue, list, rotate and revoke them',
  Credentials: 'Passwords, kept as hashes only: set, check, change and delete them',
  'Sign-up and log-in': 'Open an account, log in for a session key, and end sessions',
  Profile: 'What a user says of themselves, their password, and closing the account',
  Addresses: 'Where a user wants parcels to go',
  Sellers: 'What anyone may see of a shop',
  Catalogue: 'The home page, the search, and the pages of products, for anyone',
  Selling: 'A seller’s own products, their pictures and their stock',
  Reservations: 'Stock that is set aside for orders; for the order service',
  Orders: 'Place, follow and cancel orders, as their buyer',
  Payment: 'Pay an order, and see what was taken and given back',
  Sales: 'What a seller has sold: send it, and say that it arrived',
}
