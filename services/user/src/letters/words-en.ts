import { momentText, type Words } from '@bazaar/shared/letters/page'
import type { UserFacts } from './user-letters.ts'

/** Where the links of letters lead. */
export type Links = {
  shop: string
  verifyEmail: (verificationId: string) => string
  newPassword: (resetId: string) => string
  forgotten: string
}

/** The words of the letters of one language. */
export type UserWords = { [Kind in keyof UserFacts]: (facts: UserFacts[Kind], links: Links) => Words }

const moment = (at: string) => momentText('en', at)
const NOT_YOU = 'If this was not you, somebody else can get into your account.'

/** What the letters about an account say in English. */
export const wordsEn: UserWords = {
  'email-verification': ({ verificationId }, { verifyEmail }) => ({
    subject: 'Verify your e-mail address',
    paragraphs: [
      'An account was given this e-mail address. The link below tells us that it is yours. It works once, for an hour.',
      'If this was not you, do nothing: the address stays unverified.',
    ],
    link: { label: 'Verify the address', url: verifyEmail(verificationId) },
  }),
  'password-reset': ({ resetId }, { newPassword }) => ({
    subject: 'Set a new password',
    paragraphs: [
      'Somebody asked for a new password for your account. The link below sets one. It works once, for half an hour.',
      'If this was not you, do nothing: your password stays as it is.',
    ],
    link: { label: 'Set a new password', url: newPassword(resetId) },
  }),
  'password-changed': ({ at }, { forgotten }) => ({
    subject: 'Your password was changed',
    paragraphs: [
      `The password of your account was changed on ${moment(at)}. All other devices were logged out.`,
      `${NOT_YOU} Set a new password at once.`,
    ],
    link: { label: 'Set a new password', url: forgotten },
  }),
  'email-changed': ({ at }) => ({
    subject: 'Your e-mail address was changed',
    paragraphs: [
      `On ${moment(at)} your account was given another e-mail address. You can no longer log in with this one, and further letters go to the new one.`,
      `${NOT_YOU} Tell the people who run the shop.`,
    ],
  }),
  'email-added': ({ at }, { shop }) => ({
    subject: 'This is your new e-mail address',
    paragraphs: [`Since ${moment(at)} you log in with this e-mail address.`],
    link: { label: 'Open the shop', url: shop },
  }),
  'mobile-number-changed': ({ at }) => ({
    subject: 'Your mobile number was changed',
    paragraphs: [
      `On ${moment(at)} your account was given another mobile number. You can no longer log in with the old one.`,
      `${NOT_YOU} Change your password at once.`,
    ],
  }),
  'account-closed': ({ at }) => ({
    subject: 'Your account was closed',
    paragraphs: [
      `You closed your account on ${moment(at)}. Your name, your addresses and your password are deleted; the orders stay, without your name.`,
      'This is the last letter to this address.',
    ],
  }),
}
