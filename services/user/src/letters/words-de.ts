import { momentText } from '@bazaar/shared/letters/page'
import type { UserWords } from './words-en.ts'

const moment = (at: string) => momentText('de', at)
const NOT_YOU = 'Wenn Sie das nicht waren, kommt jemand anderes in Ihr Konto.'

/** What the letters about an account say in German. */
export const wordsDe: UserWords = {
  'email-verification': ({ verificationId }, { verifyEmail }) => ({
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    paragraphs: [
      'Ein Konto erhielt diese E-Mail-Adresse. Mit dem Link unten bestätigen Sie, dass sie Ihre ist. Er gilt einmal, eine Stunde lang.',
      'Wenn Sie das nicht waren, tun Sie nichts: Die Adresse bleibt unbestätigt.',
    ],
    link: { label: 'Adresse bestätigen', url: verifyEmail(verificationId) },
  }),
  'password-reset': ({ resetId }, { newPassword }) => ({
    subject: 'Neues Passwort festlegen',
    paragraphs: [
      'Für Ihr Konto wurde ein neues Passwort angefordert. Mit dem Link unten legen Sie es fest. Er gilt einmal, eine halbe Stunde lang.',
      'Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
    ],
    link: { label: 'Neues Passwort festlegen', url: newPassword(resetId) },
  }),
  'password-changed': ({ at }, { forgotten }) => ({
    subject: 'Ihr Passwort wurde geändert',
    paragraphs: [
      `Das Passwort Ihres Kontos wurde am ${moment(at)} geändert. Alle anderen Geräte wurden abgemeldet.`,
      `${NOT_YOU} Legen Sie sofort ein neues Passwort fest.`,
    ],
    link: { label: 'Neues Passwort festlegen', url: forgotten },
  }),
  'email-changed': ({ at }) => ({
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    paragraphs: [
      `Am ${moment(at)} erhielt Ihr Konto eine andere E-Mail-Adresse. Mit dieser hier können Sie sich nicht mehr anmelden; weitere Briefe gehen an die neue.`,
      `${NOT_YOU} Wenden Sie sich an den Betreiber des Marktplatzes.`,
    ],
  }),
  'email-added': ({ at }, { shop }) => ({
    subject: 'Dies ist Ihre neue E-Mail-Adresse',
    paragraphs: [`Seit dem ${moment(at)} melden Sie sich mit dieser E-Mail-Adresse an.`],
    link: { label: 'Marktplatz öffnen', url: shop },
  }),
  'mobile-number-changed': ({ at }) => ({
    subject: 'Ihre Mobilnummer wurde geändert',
    paragraphs: [
      `Am ${moment(at)} erhielt Ihr Konto eine andere Mobilnummer. Mit der alten können Sie sich nicht mehr anmelden.`,
      `${NOT_YOU} Ändern Sie sofort Ihr Passwort.`,
    ],
  }),
  'account-closed': ({ at }) => ({
    subject: 'Ihr Konto wurde geschlossen',
    paragraphs: [
      `Sie haben Ihr Konto am ${moment(at)} geschlossen. Ihr Name, Ihre Anschriften und Ihr Passwort sind gelöscht; die Bestellungen bleiben, ohne Ihren Namen.`,
      'Dies ist der letzte Brief an diese Adresse.',
    ],
  }),
}
