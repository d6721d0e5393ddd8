/** An account of the demo, with the password that the start of the stack prints. */
export type DemoAccount = {
  readonly type: 'BUYER' | 'SELLER'
  readonly name: string
  readonly email: string
  readonly mobileNumber: string
  readonly password: string
}

/** An address of a demo buyer; the first one is the default. */
export type DemoAddress = {
  readonly kind: 'HOME' | 'WORK' | 'OTHER'
  readonly recipient: string
  readonly line1: string
  readonly line2?: string
  readonly city: string
  readonly region?: string
  readonly postalCode: string
  readonly country: string
}

/*
 * Nobody real: the domain `example.com` is reserved (RFC 2606), and the mobile numbers are from the ranges that
 * Ofcom (+44 7700 900) and Arcep (+33 6 39 98) keep free for fiction.
 */

/** The three shops of the demo. */
export const demoShops = {
  lindgreen: {
    type: 'SELLER',
    name: 'Lindgreen & Ash',
    email: 'shop@lindgreen-ash.example.com',
    mobileNumber: '+447700900141',
    password: 'copper-kettle-morning',
  },
  greenbow: {
    type: 'SELLER',
    name: 'Greenbow Yard',
    email: 'shop@greenbow-yard.example.com',
    mobileNumber: '+447700900287',
    password: 'muddy-trowel-sunday',
  },
  papermoth: {
    type: 'SELLER',
    name: 'Papermoth',
    email: 'shop@papermoth.example.com',
    mobileNumber: '+447700900316',
    password: 'velvet-paper-whale',
  },
} as const satisfies Record<string, DemoAccount>

/** The three buyers of the demo, with their addresses. */
export const demoBuyers: readonly { account: DemoAccount; addresses: readonly DemoAddress[] }[] = [
  {
    account: {
      type: 'BUYER',
      name: 'Ines Aguilar',
      email: 'ines.aguilar@example.com',
      mobileNumber: '+33639980125',
      password: 'orange-tram-whistle',
    },
    addresses: [
      {
        kind: 'HOME',
        recipient: 'Ines Aguilar',
        line1: '14 rue des Tanneurs',
        line2: 'Appartement 5',
        city: 'Strasbourg',
        postalCode: '67000',
        country: 'FR',
      },
      {
        kind: 'WORK',
        recipient: 'Ines Aguilar, Atelier Nord',
        line1: '3 quai des Pêcheurs',
        city: 'Strasbourg',
        postalCode: '67000',
        country: 'FR',
      },
    ],
  },
  {
    account: {
      type: 'BUYER',
      name: 'Tom Hartwell',
      email: 'tom.hartwell@example.com',
      mobileNumber: '+447700900452',
      password: 'quiet-harbour-lantern',
    },
    addresses: [
      {
        kind: 'HOME',
        recipient: 'Tom Hartwell',
        line1: '27 Quayside Row',
        city: 'Whitby',
        region: 'North Yorkshire',
        postalCode: 'YO21 3PU',
        country: 'GB',
      },
    ],
  },
  {
    account: {
      type: 'BUYER',
      name: 'Leonie Brandt',
      email: 'leonie.brandt@example.com',
      mobileNumber: '+447700900598',
      password: 'seven-walnut-bicycle',
    },
    addresses: [
      {
        kind: 'HOME',
        recipient: 'Leonie Brandt',
        line1: 'Lindenallee 8',
        city: 'Leipzig',
        postalCode: '04179',
        country: 'DE',
      },
      {
        kind: 'OTHER',
        recipient: 'Familie Brandt',
        line1: 'Am Mühlbach 2',
        city: 'Jena',
        region: 'Thüringen',
        postalCode: '07743',
        country: 'DE',
      },
    ],
  },
]

/** Everybody one can log in as in the demo, sellers first. */
export const demoAccounts: readonly DemoAccount[] = [
  ...Object.values(demoShops),
  ...demoBuyers.map(({ account }) => account),
]
