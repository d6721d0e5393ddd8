import { listedIn, sumIn } from './list-lines.ts'
import type { OrderWords } from './order-words-en.ts'

const SEE_ORDER = 'Bestellung ansehen'
const SEE_SALE = 'Verkauf ansehen'
const list = listedIn('de')
const sum = sumIn('de')

const REJECTED: Readonly<Record<string, string>> = {
  OUT_OF_STOCK: 'Etwas war ausverkauft, bevor Ihre Bestellung fertig war.',
  PRODUCT_GONE: 'Etwas wird nicht mehr verkauft.',
  PRICE_CHANGED: 'Ein Preis hat sich geändert, bevor Ihre Bestellung fertig war.',
  RESERVATION_EXPIRED: 'Es dauerte zu lange, Ihre Bestellung abzuschließen.',
  PAYMENT_NOT_MADE: 'Sie wurde nicht rechtzeitig bezahlt.',
  NOT_COMPLETED_IN_TIME: 'Sie ließ sich nicht rechtzeitig abschließen.',
}

/** What the letters about orders say in German. */
export const orderWordsDe: OrderWords = {
  'order-confirmed': (facts, { order }) => ({
    subject: 'Ihre Bestellung ist bestätigt',
    paragraphs: ['Vielen Dank. Sie haben bestellt:', list(facts), `Insgesamt: ${sum(facts)}.`],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-rejected': ({ reason, ...facts }, { order }) => ({
    subject: 'Ihre Bestellung kam nicht zustande',
    paragraphs: [
      `${REJECTED[reason ?? ''] ?? 'Sie ließ sich nicht abschließen.'} Es wurde nichts abgebucht. Sie hatten bestellt:`,
      list(facts),
    ],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-shipped': ({ carrier, trackingNumber, ...facts }, { order }) => ({
    subject: 'Ihre Bestellung ist unterwegs',
    paragraphs: [
      'Ein Verkäufer hat Ihnen geschickt:',
      list(facts),
      ...(carrier === null ? [] : [`Zusteller: ${carrier}`]),
      ...(trackingNumber === null ? [] : [`Sendungsnummer: ${trackingNumber}`]),
    ],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-delivered': (facts, { order }) => ({
    subject: 'Ihre Bestellung ist angekommen',
    paragraphs: ['Der Verkäufer sagt, dass dies angekommen ist:', list(facts)],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-cancelled': ({ isWhole, givenBackMinor, ...facts }, { order }) => ({
    subject: isWhole ? 'Ihre Bestellung ist storniert' : 'Ein Teil Ihrer Bestellung ist storniert',
    paragraphs: [
      'Dies kommt nicht mehr:',
      list(facts),
      givenBackMinor > 0
        ? `Sie erhalten ${sum(facts, givenBackMinor)} zurück.`
        : 'Dafür wurde nichts bezahlt, also wird nichts erstattet.',
    ],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'sale-made': (facts, { sale }) => ({
    subject: 'Sie haben etwas verkauft',
    paragraphs: ['Bei Ihnen wurde bestellt:', list(facts), `Insgesamt: ${sum(facts)}.`],
    link: { label: SEE_SALE, url: sale(facts.orderId) },
  }),
  'sale-cancelled': (facts, { sale }) => ({
    subject: 'Ein Käufer hat storniert',
    paragraphs: ['Dies schicken Sie bitte nicht mehr:', list(facts)],
    link: { label: SEE_SALE, url: sale(facts.orderId) },
  }),
}
