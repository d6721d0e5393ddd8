// Generated from shared/api by build/generate.ts; change it there.

export type User = {
  /** The id of the user */
  id: string
  /** Buyers order, sellers sell; nobody is both */
  type: 'BUYER' | 'SELLER'
  /** The name of a buyer, or of a shop */
  name: string
  /** An e-mail address, in small letters, its domain in punycode */
  email: string
  emailVerifiedAt: string | null
  /** E.164 */
  mobileNumber: string
  /** The language of letters to this person: English or German */
  language?: 'en' | 'de' | undefined
  /** When they signed up */
  createdAt: string
  /** Grows with each change; the ETag */
  version: number
}

export type Session = {
  /** Names the session; is not the key to it */
  sessionId: string
  /** When it began */
  createdAt: string
  /** When it ends at the latest */
  expiresAt: string
  /** Whether it is the one that asks */
  current: boolean
}

export type Address = {
  /** The id of the address */
  id: string
  kind: 'HOME' | 'WORK' | 'OTHER'
  /** Whose name is on the parcel */
  recipient: string
  /** Street and number */
  line1: string
  line2?: string | undefined
  city: string
  /** State or province */
  region?: string | undefined
  /** May be left out only where mail has none, as in Hong Kong */
  postalCode?: string | undefined
  /** ISO 3166-1 alpha-2, or XK for Kosovo */
  country: string
  isDefault: boolean
}

export type Category = {
  /** Words in lower case joined by hyphens */
  category: string
  products: number
  imageUrl: string | null
}

export type ProductCard = {
  /** The id of the product */
  id: string
  /** Who sells it */
  sellerId: string
  name: string
  /** Words in lower case joined by hyphens */
  category: string
  /** The price of one unit, in minor units */
  priceMinor: number
  /** ISO 4217 code, such as EUR */
  currency: string
  inStock: boolean
  imageUrl: string | null
  imageAltText: string | null
}

export type Image = {
  /** The id of the picture */
  id: string
  /** Where it is, on this service */
  url: string
  contentType: string
  widthPixels: number
  heightPixels: number
  /** The narrower ones in which it can be had, in pixels: add `?width=480` to its address */
  widths: Array<number>
  altText: string | null
}

export type Product = {
  /** The id of the product */
  id: string
  /** Who sells it */
  sellerId: string
  name: string
  /** Words in lower case joined by hyphens */
  category: string
  /** The price of one unit, in minor units */
  priceMinor: number
  /** ISO 4217 code, such as EUR */
  currency: string
  inStock: boolean
  imageUrl: string | null
  description: string
  /** Units that can be ordered */
  stockCount: number
  /** Free properties; their names have up to 40 characters of any script */
  properties: Record<string, string>
  /** The first one is shown in lists */
  images: Array<Image>
  status: 'LISTED' | 'ARCHIVED'
  /** When it was first offered */
  createdAt: string
  /** When its seller last changed it */
  changedAt: string
  /** Grows with each change by the seller; the ETag begins with it */
  version: number
}

export type StockMovement = {
  /** When it happened */
  at: string
  /** Units added or taken */
  delta: number
  /** Units that can be ordered */
  stockAfter: number
  /** What moved it */
  reason: 'INITIAL' | 'RESTOCK' | 'CORRECTION' | 'LOSS' | 'RESERVED' | 'RELEASED' | 'EXPIRED'
}

export type PaymentChoice = {
  /** How to pay */
  type: 'CARD' | 'UPI' | 'NET_BANKING' | 'CASH_ON_DELIVERY'
  /** For CARD: the token that the payment provider gave for the card; never a card number. In the sandbox: tok_visa_4242 succeeds, tok_declined_0002 is declined, tok_timeout_0044 is answered too late */
  cardToken?: string | undefined
  /** For UPI: the virtual payment address */
  upiId?: string | undefined
  /** For NET_BANKING: the code of the bank */
  bankCode?: string | undefined
}

export type PostalAddress = {
  recipient: string
  line1: string
  line2?: string | undefined
  city: string
  region?: string | undefined
  postalCode?: string | undefined
  country: string
}

export type OrderLine = {
  /** The id of the product */
  productId: string
  /** Who sells it */
  sellerId: string
  /** Its name when the order was placed */
  name: string
  /** Its price when the order was placed */
  unitPriceMinor: number
  /** How many */
  quantity: number
  /** How many of them were cancelled */
  cancelledQuantity: number
}

export type OrderPart = {
  /** Who sends it */
  sellerId: string
  /** How far it is */
  status: 'AWAITING_SHIPMENT' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED'
  carrier: string | null
  trackingNumber: string | null
  shippedAt: string | null
  deliveredAt: string | null
}

export type Payment = {
  /** The id of the payment */
  id: string
  /** How it is paid */
  type: 'CARD' | 'UPI' | 'NET_BANKING' | 'CASH_ON_DELIVERY'
  /** How far it is */
  status: 'PENDING' | 'AUTHORISED' | 'CAPTURED' | 'DECLINED' | 'VOIDED' | 'DUE_ON_DELIVERY' | 'COLLECTED'
  /** How much: with CASH_ON_DELIVERY what is left to pay at the door, else what is taken, of which refunds are given back */
  amountMinor: number
  /** ISO 4217 code, such as EUR */
  currency: string
  lastFour: string | null
  /** `sandbox` moves no real money */
  provider: string
  /** When it was begun */
  createdAt: string
}

export type Cancellation = {
  /** The id of the cancellation */
  id: string
  reason: string
  lines: Array<{
    /** The id of the product */
    productId: string
    /** How many */
    quantity: number
  }>
  /** When */
  cancelledAt: string
  stockRestoredAt: string | null
}

export type Order = {
  /** The id of the order */
  id: string
  /** How far it is */
  status:
    | 'PENDING'
    | 'AWAITING_PAYMENT'
    | 'CONFIRMED'
    | 'PARTIALLY_SHIPPED'
    | 'SHIPPED'
    | 'DELIVERED'
    | 'CANCELLED'
    | 'REJECTED'
  rejectionReason:
    | 'OUT_OF_STOCK'
    | 'PRODUCT_GONE'
    | 'PRICE_CHANGED'
    | 'RESERVATION_EXPIRED'
    | 'PAYMENT_NOT_MADE'
    | 'NOT_COMPLETED_IN_TIME'
    | null
  /** ISO 4217 code, such as EUR */
  currency: string
  /** What was ordered, at the prices of that moment */
  totalMinor: number
  /** What of it is to be paid after cancellations; nothing once it is rejected */
  payableMinor: number
  /** When */
  placedAt: string
  payBy: string | null
  /** As it was when the order was placed */
  shipTo: PostalAddress
  lines: Array<OrderLine>
  /** One for each seller, once the order is confirmed */
  parts: Array<OrderPart>
  payment: Payment
  /** The latest 20, the oldest of them first; all are at /orders/{orderId}/cancellations */
  cancellations: Array<Cancellation>
}

export type OrderSummary = {
  /** The id of the order */
  id: string
  /** How far it is */
  status:
    | 'PENDING'
    | 'AWAITING_PAYMENT'
    | 'CONFIRMED'
    | 'PARTIALLY_SHIPPED'
    | 'SHIPPED'
    | 'DELIVERED'
    | 'CANCELLED'
    | 'REJECTED'
  /** ISO 4217 code, such as EUR */
  currency: string
  /** What was ordered */
  totalMinor: number
  /** When */
  placedAt: string
  lines: Array<{
    /** The id of the product */
    productId: string
    name: string
    /** How many */
    quantity: number
  }>
}

export type OrderEvent = {
  /** What happened */
  type: string
  /** Who did it */
  actor: 'BUYER' | 'SELLER' | 'SYSTEM'
  actorId: string | null
  /** When */
  at: string
  /** What belongs to it */
  detail: Record<string, string | number>
}

export type Refund = {
  /** The id of the refund */
  id: string
  /** The cancellation it is for */
  cancellationId: string
  /** How much */
  amountMinor: number
  /** Whether the money is on its way back; RELEASED when it had only been set aside and was never taken */
  status: 'PENDING' | 'REFUNDED' | 'RELEASED'
  /** When it was due */
  createdAt: string
  refundedAt: string | null
}

export type Sale = {
  /** The id of the order */
  orderId: string
  /** How far your part is */
  status: 'AWAITING_SHIPMENT' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED'
  /** When it was ordered */
  placedAt: string
  /** ISO 4217 code, such as EUR */
  currency: string
  /** Your part of the order after cancellations */
  subtotalMinor: number
  /** As it was when the order was placed */
  shipTo: PostalAddress
  lines: Array<OrderLine>
  carrier: string | null
  trackingNumber: string | null
  shippedAt: string | null
  deliveredAt: string | null
}

/** What the user service offers to people. */
export type UserApi = {
  /**
   * Sign up as a buyer or a seller
   *
   * Repeat the request unchanged if the answer got lost or was a 503: nobody is signed up twice or by halves.
   */
  signUp: {
    input: {
      /** Buyers order, sellers sell; nobody is both */
      type: 'BUYER' | 'SELLER'
      name: string
      /** An e-mail address. The name before the @ is of ASCII characters, with dots only between others; the domain may be of any script. Kept and shown in small letters, with the domain in punycode and without blanks at the ends */
      email: string
      /** With the code of the country, after `+` or `00`, in the digits of any keyboard. Kept and shown in E.164: blanks, brackets, dots, slashes and hyphens are left out, and so is the zero that is only dialled inside the country */
      mobileNumber: string
      /** The language of letters to this person: English or German */
      language?: 'en' | 'de' | undefined
      /** 8 to 256 characters, not one of the common ones. It is compared in Unicode’s composed form (NFC), so it does not matter how a keyboard puts accents together; everything else does */
      password: string
    }
    body: User
    takes: never
    problem: 'email-taken' | 'mobile-number-taken' | 'password-too-common'
  }
  /** Log in by e-mail or mobile number */
  logIn: {
    input: {
      /** An e-mail address or a mobile number with the code of its country, written in any way that sign-up takes */
      login: string
      password: string
    }
    body: {
      /** The key to send in the header SESSION; shown this once */
      session: string
      /** Names the session */
      sessionId: string
      /** Who logged in */
      userId: string
      /** Buyers order, sellers sell; nobody is both */
      userType: 'BUYER' | 'SELLER'
      /** When the session ends at the latest */
      expiresAt: string
    }
    takes: never
    problem: 'wrong-credentials'
  }
  /**
   * Ask for a link to set a new password
   *
   * Answered alike whether there is such a user or not. A user gets a letter with a link that works once, for thirty minutes.
   */
  askForPasswordReset: {
    input: {
      /** An e-mail address or a mobile number with the code of its country, written in any way that sign-up takes */
      login: string
    }
    body: undefined
    takes: 'settleWithinMs'
    problem: never
  }
  /**
   * Set a new password with the token of a link; ends all sessions
   *
   * Repeat the request unchanged if the answer got lost or was a 503.
   */
  resetPassword: {
    input: {
      /** The token of the link in the letter */
      token: string
      /** 8 to 256 characters, not one of the common ones. It is compared in Unicode’s composed form (NFC), so it does not matter how a keyboard puts accents together; everything else does */
      newPassword: string
    }
    body: undefined
    takes: never
    problem: 'wrong-credentials' | 'password-too-common'
  }
  /** Log out */
  logOut: {
    input: Record<string, never>
    body: undefined
    takes: never
    problem: never
  }
  /** Log out everywhere, here too */
  logOutEverywhere: {
    input: Record<string, never>
    body: undefined
    takes: never
    problem: never
  }
  /** List your sessions */
  listSessions: {
    input: Record<string, never>
    body: {
      items: Array<Session>
    }
    takes: never
    problem: never
  }
  /** End one of your sessions */
  endSession: {
    input: {
      /** One of the sessions listed */
      sessionId: string
    }
    body: undefined
    takes: never
    problem: never
  }
  /** Read your profile */
  readProfile: {
    input: Record<string, never>
    body: User
    takes: never
    problem: never
  }
  /**
   * Change your name, mobile number, e-mail address or language
   *
   * Members that are left out stay unchanged. A new e-mail address or mobile number is a new login, so it needs the password again and ends your other sessions. Repeat the request if its answer got lost. With If-Match (one ETag, a list of them, or `*`) only what you have seen is changed; repeat it without.
   */
  changeProfile: {
    input: {
      name?: string | undefined
      /** An e-mail address. The name before the @ is of ASCII characters, with dots only between others; the domain may be of any script. Kept and shown in small letters, with the domain in punycode and without blanks at the ends */
      email?: string | undefined
      /** With the code of the country, after `+` or `00`, in the digits of any keyboard. Kept and shown in E.164: blanks, brackets, dots, slashes and hyphens are left out, and so is the zero that is only dialled inside the country */
      mobileNumber?: string | undefined
      /** The language of letters to this person: English or German */
      language?: 'en' | 'de' | undefined
      currentPassword?: string | undefined
    }
    body: User
    takes: 'ifMatch'
    problem: 'email-taken' | 'mobile-number-taken' | 'reauthentication-required' | 'wrong-credentials'
  }
  /** Change your password; ends your other sessions */
  changePassword: {
    input: {
      currentPassword: string
      /** 8 to 256 characters, not one of the common ones. It is compared in Unicode’s composed form (NFC), so it does not matter how a keyboard puts accents together; everything else does */
      newPassword: string
    }
    body: undefined
    takes: never
    problem: 'wrong-credentials' | 'password-too-common' | 'password-unchanged'
  }
  /**
   * Close your account
   *
   * Ends all sessions, forgets the password and the addresses, and frees the e-mail address and the mobile number. An account that others still count on is not closed: a buyer first cancels orders that were not sent or waits for them, a seller archives the products and brings what was sold to its buyers. The refusal names up to twenty of each in `orderIds` and `productIds`; the other sessions have ended then, so that nothing new is begun in them.
   */
  closeAccount: {
    input: {
      currentPassword: string
    }
    body: undefined
    takes: never
    problem: 'wrong-credentials' | 'open-business'
  }
  /**
   * Ask for another link to verify your e-mail address
   *
   * Sign-up and a new e-mail address send one by themselves. It works once, for an hour. Nothing is sent to an address that is verified, or while three links work.
   */
  askForEmailVerification: {
    input: Record<string, never>
    body: undefined
    takes: 'settleWithinMs'
    problem: never
  }
  /** Verify an e-mail address with the token of a link */
  verifyEmail: {
    input: {
      /** The token of the link in the letter */
      token: string
    }
    body: undefined
    takes: never
    problem: 'wrong-credentials'
  }
  /**
   * Read the public profile of a seller
   *
   * The answer has an ETag and may be kept for a minute.
   */
  readSeller: {
    input: {
      /** The id of the seller */
      sellerId: string
    }
    body: {
      /** The id of the seller */
      id: string
      name: string
      /** Tells shops apart whose names are or look alike; given by Bazaar, never changed. Show it beside the name */
      handle: string
      /** When they signed up */
      sellerSince: string
    }
    takes: never
    problem: never
  }
  /** List your addresses, the default first */
  listAddresses: {
    input: Record<string, never>
    body: {
      items: Array<Address>
    }
    takes: never
    problem: never
  }
  /**
   * Add an address
   *
   * The first one becomes the default.
   */
  addAddress: {
    input: {
      kind: 'HOME' | 'WORK' | 'OTHER'
      /** Whose name is on the parcel */
      recipient: string
      /** Street and number */
      line1: string
      line2?: string | null | undefined
      city: string
      region?: string | null | undefined
      postalCode?: string | null | undefined
      /** ISO 3166-1 alpha-2, or XK for Kosovo */
      country: string
      isDefault?: boolean | undefined
    }
    body: Address
    takes: never
    problem: 'too-many-addresses' | 'unknown-country' | 'postal-code-missing'
  }
  /** Read one of your addresses */
  readAddress: {
    input: {
      /** The id of the address */
      addressId: string
    }
    body: Address
    takes: never
    problem: never
  }
  /**
   * Replace one of your addresses
   *
   * Whether it is the default stays as it is.
   */
  changeAddress: {
    input: {
      /** The id of the address */
      addressId: string
      kind: 'HOME' | 'WORK' | 'OTHER'
      /** Whose name is on the parcel */
      recipient: string
      /** Street and number */
      line1: string
      line2?: string | null | undefined
      city: string
      region?: string | null | undefined
      postalCode?: string | null | undefined
      /** ISO 3166-1 alpha-2, or XK for Kosovo */
      country: string
    }
    body: Address
    takes: never
    problem: 'unknown-country' | 'postal-code-missing'
  }
  /** Make an address the default */
  makeDefaultAddress: {
    input: {
      /** The id of the address */
      addressId: string
    }
    body: Address
    takes: never
    problem: never
  }
  /**
   * Delete one of your addresses
   *
   * When it was the default, the one added last takes its place.
   */
  deleteAddress: {
    input: {
      /** The id of the address */
      addressId: string
    }
    body: undefined
    takes: never
    problem: never
  }
}

/** What the inventory service offers to people. */
export type InventoryApi = {
  /**
   * View the home page
   *
   * The page as it was at most a second ago; it may be kept for one more, as its Cache-Control says. A seller’s own changes are on it at once.
   */
  readHomePage: {
    input: Record<string, never>
    body: {
      /** The 60 with most on offer; `GET /categories` has all of them */
      categories: Array<Category>
      newest: Array<ProductCard>
      /** In stock, but not for long */
      almostGone: Array<ProductCard>
    }
    takes: never
    problem: never
  }
  /** List all categories that have something on offer, by name */
  listCategories: {
    input: {
      /** Entries on a page, 1 to 100 (20 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<Category>
      next: string | null
    }
    item: Category
    takes: never
    problem: never
  }
  /**
   * Search, filter and sort the products
   *
   * `q` finds products with a word in the name or the description for each word asked for, which may be only its beginning. It does not matter: upper and lower case; accents; how a letter of the Latin alphabets, a digit, an apostrophe, a quotation mark or a dash is written; punctuation. Marks that make another letter do matter. What is written together is found written with a hyphen, an apostrophe, a slash, an ampersand or dots and without (`wifi`, `t-shirt`, `levis`, `rocknroll`, `acdc`, `hm`, `att`, `usa`), numbers as they are typed (`7.50R16`, `185/60R14`, not only parts of them), measures and models with and without a blank (`500 ml`, `iphone14`), and in scripts without blanks any part of a text (`茶碗`).
   */
  listProducts: {
    input: {
      /** Words, or beginnings of words, in the name or the description */
      q?: string | undefined
      /** Words in lower case joined by hyphens */
      category?: string | undefined
      /** Only what this seller sells */
      sellerId?: string | undefined
      /** ISO 4217 code, such as EUR */
      currency?: string | undefined
      /** Lowest price in minor units; say in which `currency` */
      priceMinMinor?: number | undefined
      /** Highest price in minor units; say in which `currency` */
      priceMaxMinor?: number | undefined
      /** true for only what is in stock */
      inStock?: boolean | undefined
      /** newest when not given; by price: one currency after the other */
      sort?: 'newest' | 'price-ascending' | 'price-descending' | 'name' | undefined
      /** Entries on a page, 1 to 100 (20 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<ProductCard>
      next: string | null
    }
    item: ProductCard
    takes: never
    problem: never
  }
  /**
   * View a product
   *
   * An archived product can still be viewed, so that old orders can show it.
   */
  readProduct: {
    input: {
      /** The id of the product */
      productId: string
    }
    body: Product
    takes: never
    problem: never
  }
  /**
   * View a picture of a product
   *
   * Always WebP, whatever was sent, and at most 1,600 pixels a side. What is at one address never changes.
   */
  readImage: {
    input: {
      /** The id of the product */
      productId: string
      /** The id of the picture */
      imageId: string
      /** How wide it is wanted, in pixels; one that is no wider is sent as it is */
      width?: '240' | '480' | '960' | undefined
    }
    body: Blob
    takes: never
    problem: never
  }
  /** List your products, archived ones too */
  listOwnProducts: {
    input: {
      /** Entries on a page, 1 to 100 (20 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<Product>
      next: string | null
    }
    item: Product
    takes: never
    problem: never
  }
  /** Offer a product */
  createProduct: {
    input: {
      name: string
      description: string
      /** Words in lower case joined by hyphens */
      category: string
      /** The price of one unit, in minor units */
      priceMinor: number
      /** ISO 4217 code, such as EUR */
      currency: string
      /** Free properties; their names have up to 40 characters of any script */
      properties?: Record<string, string> | undefined
      /** Units that can be ordered */
      stockCount: number
    }
    body: Product
    takes: 'idempotencyKey'
    problem: 'account-closing' | 'email-not-verified' | 'unknown-currency'
  }
  /**
   * Change one of your products
   *
   * Members that are left out stay unchanged; `properties` are replaced as a whole. Placed orders keep the price they were placed at. If-Match takes what RFC 9110 allows: one ETag, a list of them, or `*`; a weak one matches nothing.
   */
  changeProduct: {
    input: {
      /** The id of the product */
      productId: string
      name?: string | undefined
      description?: string | undefined
      /** Words in lower case joined by hyphens */
      category?: string | undefined
      /** The price of one unit, in minor units */
      priceMinor?: number | undefined
      /** ISO 4217 code, such as EUR */
      currency?: string | undefined
      /** Free properties; their names have up to 40 characters of any script */
      properties?: Record<string, string> | undefined
    }
    body: Product
    takes: never
    needs: 'ifMatch'
    problem: 'not-your-product' | 'product-archived' | 'unknown-currency'
  }
  /**
   * Take one of your products off the market
   *
   * It can no longer be found, changed or ordered until it is relisted. Orders already placed stay valid. Repeatable.
   */
  archiveProduct: {
    input: {
      /** The id of the product */
      productId: string
    }
    body: Product
    takes: 'ifMatch'
    problem: 'not-your-product'
  }
  /**
   * Put one of your archived products on the market again
   *
   * It comes back unchanged, with the stock that it has. Repeatable.
   */
  relistProduct: {
    input: {
      /** The id of the product */
      productId: string
    }
    body: Product
    takes: 'ifMatch'
    problem: 'account-closing' | 'email-not-verified' | 'not-your-product'
  }
  /**
   * Stop selling, because your account is to be closed
   *
   * What the user service asks for before it closes your account. Answers up to twenty of your products that are on the market. When there is none, the sessions that you have now can offer nothing any more; if the account stays, log in again a minute later. Repeatable.
   */
  stopSelling: {
    input: Record<string, never>
    body: {
      /** Your products on the market */
      productIds: Array<string>
    }
    takes: never
    problem: never
  }
  /** Add to or take from the stock of one of your products */
  adjustStock: {
    input: {
      /** The id of the product */
      productId: string
      /** Units to add, or with a minus sign to take; not 0 */
      delta: number
      reason: 'RESTOCK' | 'CORRECTION' | 'LOSS'
    }
    body: StockMovement
    takes: 'idempotencyKey'
    problem: 'not-your-product' | 'stock-would-be-negative' | 'stock-would-be-too-large'
  }
  /** See every movement of the stock of one of your products, the newest first */
  listStockMovements: {
    input: {
      /** The id of the product */
      productId: string
      /** Entries on a page, 1 to 100 (20 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<StockMovement>
      next: string | null
    }
    item: StockMovement
    takes: never
    problem: 'not-your-product'
  }
  /**
   * Add a picture to one of your products
   *
   * Send the file itself, or as `file` of a form and nothing else in it: PNG, JPEG or WebP, whichever of them it is called, or `application/octet-stream`, or nothing. It is checked by its content and stored afresh, without what cameras write into it. The same picture sent again is there once. A product has up to 10 pictures, each up to 5 MB as a file, 10000 pixels a side, 50 million pixels in all, and 160 MB decoded: pixels times channels, twice that with 16 bits a channel or as a progressive JPEG.
   */
  addImage: {
    input: {
      /** The id of the product */
      productId: string
      /** The file: PNG, JPEG or WebP */
      image: Blob | Uint8Array<ArrayBuffer> | ArrayBuffer
    }
    body: Image
    takes: 'onProgress'
    problem: 'not-your-product' | 'not-an-image' | 'image-too-large' | 'too-many-images'
  }
  /**
   * Put the pictures of one of your products in order
   *
   * The first one is shown in lists. Name each of them once.
   */
  orderImages: {
    input: {
      /** The id of the product */
      productId: string
      imageIds: Array<string>
    }
    body: {
      items: Array<Image>
    }
    takes: never
    problem: 'not-your-product' | 'images-differ'
  }
  /**
   * Say what a picture of one of your products shows
   *
   * For people who do not see it. An empty text or null takes it back.
   */
  describeImage: {
    input: {
      /** The id of the product */
      productId: string
      /** The id of the picture */
      imageId: string
      altText: string | null
    }
    body: Image
    takes: never
    problem: 'not-your-product'
  }
  /** Remove a picture from one of your products */
  deleteImage: {
    input: {
      /** The id of the product */
      productId: string
      /** The id of the picture */
      imageId: string
    }
    body: undefined
    takes: never
    problem: 'not-your-product'
  }
}

/** What the order service offers to people. */
export type OrderApi = {
  /**
   * Place an order
   *
   * All of it is reserved or nothing; in all it may cost up to 1,000,000,000,000 minor units. Prices and names are frozen into the order, the address is copied. 201: look at `status` — CONFIRMED, or AWAITING_PAYMENT when the payment was declined and another way to pay can be chosen until `payBy`. 202: the order is kept as PENDING and is being completed; ask again with the same Idempotency-Key or read the order.
   */
  placeOrder: {
    input: {
      lines: Array<{
        /** The id of the product */
        productId: string
        /** How many */
        quantity: number
      }>
      /** One of your addresses */
      addressId: string
      /** CARD wants cardToken, UPI wants upiId, NET_BANKING wants bankCode, CASH_ON_DELIVERY nothing */
      payment: PaymentChoice
      /** The total you were shown; another one is refused */
      expectedTotalMinor?: number | undefined
    }
    body: Order
    takes: 'idempotencyKey' | 'settleWithinMs'
    problem:
      | 'out-of-stock'
      | 'product-gone'
      | 'price-changed'
      | 'unknown-address'
      | 'unknown-product'
      | 'duplicate-product'
      | 'mixed-currencies'
      | 'total-too-large'
      | 'payment-incomplete'
      | 'order-rejected'
      | 'idempotency-key-expired'
      | 'too-many-unpaid-orders'
  }
  /** List your orders, the newest first */
  listOrders: {
    input: {
      /** Only orders in this state */
      status?:
        | 'PENDING'
        | 'AWAITING_PAYMENT'
        | 'CONFIRMED'
        | 'PARTIALLY_SHIPPED'
        | 'SHIPPED'
        | 'DELIVERED'
        | 'CANCELLED'
        | 'REJECTED'
        | undefined
      /** Only orders placed then or later; not after placedBefore. With Z or another offset from UTC, whose + has to be sent as %2B */
      placedFrom?: string | undefined
      /** Only orders placed before then. With Z or another offset from UTC, whose + has to be sent as %2B */
      placedBefore?: string | undefined
      /** Entries on a page, 1 to 100 (20 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<OrderSummary>
      next: string | null
    }
    item: OrderSummary
    takes: never
    problem: never
  }
  /**
   * List the orders that keep you from closing your account
   *
   * For a buyer those that are not settled or not sent in full; for a seller those with goods of theirs that are not settled, not sent or not said to have arrived. The oldest 20.
   */
  listOpenOrders: {
    input: Record<string, never>
    body: {
      orderIds: Array<string>
      /** Whether there are others */
      more: boolean
    }
    takes: never
    problem: never
  }
  /** Read one of your orders */
  readOrder: {
    input: {
      /** The id of the order */
      orderId: string
    }
    body: Order
    takes: never
    problem: never
  }
  /**
   * Read everything that happened to one of your orders, in order
   *
   * In pages: go on with `next` until it is null, the end is what happened last.
   */
  readHistory: {
    input: {
      /** The id of the order */
      orderId: string
      /** Entries on a page, 1 to 100 (100 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<OrderEvent>
      next: string | null
    }
    item: OrderEvent
    takes: never
    problem: never
  }
  /**
   * Cancel one of your orders, or some of it
   *
   * Without `lines` the whole order, which must not have been shipped. With `lines` those quantities of what was not shipped yet, also while it awaits payment; not while it is PENDING, then only the whole. The stock comes back and the money is refunded; the order shows when.
   */
  cancelOrder: {
    input: {
      /** The id of the order */
      orderId: string
      reason?: string | null | undefined
      lines?:
        | Array<{
            /** The id of the product */
            productId: string
            /** How many */
            quantity: number
          }>
        | undefined
    }
    body: Order
    takes: 'idempotencyKey'
    problem: 'illegal-transition' | 'already-shipped' | 'more-than-ordered' | 'duplicate-product'
  }
  /** List what was cancelled of one of your orders, the oldest first */
  listCancellations: {
    input: {
      /** The id of the order */
      orderId: string
      /** Entries on a page, 1 to 100 (100 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<Cancellation>
      next: string | null
    }
    item: Cancellation
    takes: never
    problem: never
  }
  /** List the refunds of one of your orders, the oldest first */
  listRefunds: {
    input: {
      /** The id of the order */
      orderId: string
      /** Entries on a page, 1 to 100 (100 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<Refund>
      next: string | null
    }
    item: Refund
    takes: never
    problem: never
  }
  /** Read the payment details of one of your orders, with refunds */
  readPayment: {
    input: {
      /** The id of the order */
      orderId: string
    }
    body: {
      payment: Payment
      earlierAttempts: Array<Payment>
      /** The latest 20, the oldest of them first; all are at /orders/{orderId}/refunds */
      refunds: Array<Refund>
    }
    takes: never
    problem: never
  }
  /**
   * Pay an order whose payment was declined in another way
   *
   * What is paid is what is left of the order. It can be tried 20 times in all.
   */
  payOrder: {
    input: {
      /** The id of the order */
      orderId: string
      /** CARD wants cardToken, UPI wants upiId, NET_BANKING wants bankCode, CASH_ON_DELIVERY nothing */
      payment: PaymentChoice
    }
    body: Order
    takes: 'idempotencyKey' | 'settleWithinMs'
    problem:
      | 'illegal-transition'
      | 'payment-incomplete'
      | 'too-many-payment-attempts'
      | 'order-rejected'
      | 'out-of-stock'
      | 'product-gone'
      | 'price-changed'
  }
  /** List your parts of orders, the newest first */
  listSales: {
    input: {
      /** Only parts in this state */
      status?: 'AWAITING_SHIPMENT' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | undefined
      /** Entries on a page, 1 to 100 (20 when not given) */
      limit?: number | undefined
      /** The cursor of the page before */
      cursor?: string | undefined
    }
    body: {
      items: Array<Sale>
      next: string | null
    }
    item: Sale
    takes: never
    problem: never
  }
  /** Read your part of an order */
  readSale: {
    input: {
      /** The id of the order */
      orderId: string
    }
    body: Sale
    takes: never
    problem: never
  }
  /**
   * Confirm that you sent your part of an order
   *
   * Repeatable, also after the delivery. A carrier or tracking number that was not given before is taken; one that was given stays, and another one is refused.
   */
  shipSale: {
    input: {
      /** The id of the order */
      orderId: string
      carrier?: string | null | undefined
      trackingNumber?: string | null | undefined
    }
    body: Sale
    takes: never
    problem: 'illegal-transition' | 'shipment-differs'
  }
  /**
   * Confirm that your part of an order arrived
   *
   * Repeatable.
   */
  deliverSale: {
    input: {
      /** The id of the order */
      orderId: string
    }
    body: Sale
    takes: never
    problem: 'illegal-transition'
  }
}

/** What each problem has besides what all have, by its code. */
export type Problems = {
  /** The request cannot be read */
  'malformed-request': { status: 400 }
  /** The body is not valid JSON */
  'malformed-json': { status: 400 }
  /** The header Idempotency-Key is missing */
  'idempotency-key-missing': { status: 400 }
  /** The header Idempotency-Key is not valid */
  'idempotency-key-malformed': { status: 400 }
  /** The header If-Match is not a list of ETags */
  'if-match-malformed': { status: 400 }
  /** Authentication required */
  unauthenticated: { status: 401 }
  /** Forbidden */
  forbidden: { status: 403 }
  /** Not found */
  'not-found': { status: 404 }
  /** Method not allowed */
  'method-not-allowed': { status: 405 }
  /** Not acceptable */
  'not-acceptable': { status: 406 }
  /** The request took too long to arrive */
  'request-too-slow': { status: 408 }
  /** A request with this Idempotency-Key is still running */
  'idempotency-key-in-use': { status: 409 }
  /** It has changed since it was read */
  'precondition-failed': { status: 412 }
  /** The body is too large */
  'body-too-large': {
    status: 413
    /** How many bytes there may be */
    limitBytes: number
  }
  /** Unsupported media type */
  'unsupported-media-type': { status: 415 }
  /** The request is not valid */
  'validation-failed': { status: 422 }
  /** This Idempotency-Key was used for another request */
  'idempotency-key-reused': { status: 422 }
  /** The header If-Match is missing */
  'if-match-missing': { status: 428 }
  /** Too many requests */
  'too-many-requests': { status: 429 }
  /** Internal error */
  'internal-error': { status: 500 }
  /** Part of the system cannot be reached */
  'dependency-unavailable': { status: 503 }
  /** The service is overloaded */
  overloaded: { status: 503 }
  /** It is not known whether this was done */
  'outcome-unknown': { status: 503 }
  /** Wrong credentials */
  'wrong-credentials': { status: 401 }
  /** The password is required again */
  'reauthentication-required': { status: 403 }
  /** The e-mail address is in use */
  'email-taken': { status: 409 }
  /** The mobile number is in use */
  'mobile-number-taken': { status: 409 }
  /** There are unfinished orders or products on offer */
  'open-business': {
    status: 409
    /** Orders that still need you */
    orderIds: Array<string>
    /** Your products on the market */
    productIds: Array<string>
  }
  /** There are too many addresses */
  'too-many-addresses': { status: 409 }
  /** The password is one of the most common */
  'password-too-common': { status: 422 }
  /** The new password is the current one */
  'password-unchanged': { status: 422 }
  /** There is no such country */
  'unknown-country': { status: 422 }
  /** The postal code is missing */
  'postal-code-missing': { status: 422 }
  /** This product belongs to another seller */
  'not-your-product': { status: 403 }
  /** Your e-mail address is not verified */
  'email-not-verified': { status: 403 }
  /** The account is being closed in this session */
  'account-closing': { status: 409 }
  /** The product is archived */
  'product-archived': { status: 409 }
  /** There is not enough in stock to take */
  'stock-would-be-negative': { status: 409 }
  /** The stock would be too large */
  'stock-would-be-too-large': { status: 409 }
  /** The product has too many pictures */
  'too-many-images': { status: 409 }
  /** These are not the pictures of the product */
  'images-differ': { status: 409 }
  /** This is not a picture of a supported type */
  'not-an-image': { status: 415 }
  /** The picture has too many pixels */
  'image-too-large': {
    status: 422
    /** How many pixels a side may have */
    limitSidePixels: number
    /** How many pixels there may be */
    limitPixels: number
    /** How many bytes it may have once decoded */
    limitDecodedBytes: number
  }
  /** Unknown currency */
  'unknown-currency': { status: 422 }
  /** There is not enough in stock */
  'out-of-stock': {
    status: 409
    /** The order that was kept and rejected */
    orderId?: string | undefined
    /** Which products */
    productIds?: Array<string> | undefined
  }
  /** The product is no longer sold */
  'product-gone': {
    status: 409
    /** The order that was kept and rejected */
    orderId?: string | undefined
    /** Which products */
    productIds?: Array<string> | undefined
  }
  /** The price has changed */
  'price-changed': {
    status: 409
    /** The order that was kept and rejected */
    orderId?: string | undefined
    /** Which products */
    productIds?: Array<string> | undefined
    /** What all of it costs now, when another total was expected */
    totalMinor?: number | undefined
  }
  /** A product is named twice */
  'duplicate-product': { status: 422 }
  /** The order could not be completed */
  'order-rejected': {
    status: 409
    /** The order that was kept and rejected */
    orderId?: string | undefined
  }
  /** The state of the order does not allow this */
  'illegal-transition': {
    status: 409
    /** How far the order is, or your part of it */
    orderStatus:
      | 'PENDING'
      | 'AWAITING_PAYMENT'
      | 'CONFIRMED'
      | 'PARTIALLY_SHIPPED'
      | 'SHIPPED'
      | 'DELIVERED'
      | 'CANCELLED'
      | 'REJECTED'
      | 'AWAITING_SHIPMENT'
  }
  /** It has already shipped */
  'already-shipped': {
    status: 409
    /** How far the order is, or your part of it */
    orderStatus:
      | 'PENDING'
      | 'AWAITING_PAYMENT'
      | 'CONFIRMED'
      | 'PARTIALLY_SHIPPED'
      | 'SHIPPED'
      | 'DELIVERED'
      | 'CANCELLED'
      | 'REJECTED'
      | 'AWAITING_SHIPMENT'
  }
  /** It was sent with another carrier or tracking number */
  'shipment-differs': { status: 409 }
  /** There is less than that left to cancel */
  'more-than-ordered': { status: 409 }
  /** There are too many unpaid orders */
  'too-many-unpaid-orders': {
    status: 409
    /** How many there may be */
    limit: number
  }
  /** The payment was declined too often */
  'too-many-payment-attempts': {
    status: 409
    /** How many there may be */
    limit: number
  }
  /** This Idempotency-Key was used long ago */
  'idempotency-key-expired': { status: 409 }
  /** You have no such address */
  'unknown-address': { status: 422 }
  /** There is no such product */
  'unknown-product': { status: 422 }
  /** The products are sold in different currencies */
  'mixed-currencies': { status: 422 }
  /** The order exceeds the limit for one order */
  'total-too-large': { status: 422 }
  /** The payment details are not complete */
  'payment-incomplete': { status: 422 }
}

/** The problems that any call can meet. */
export type CommonCode =
  | 'malformed-request'
  | 'malformed-json'
  | 'idempotency-key-missing'
  | 'idempotency-key-malformed'
  | 'if-match-malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'request-too-slow'
  | 'idempotency-key-in-use'
  | 'precondition-failed'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'validation-failed'
  | 'idempotency-key-reused'
  | 'if-match-missing'
  | 'too-many-requests'
  | 'internal-error'
  | 'dependency-unavailable'
  | 'overloaded'
  | 'outcome-unknown'
