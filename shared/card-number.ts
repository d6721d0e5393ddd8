/** The beginnings and lengths of the numbers that cards have. https://en.wikipedia.org/wiki/Payment_card_number */
const ISSUED =
  /^(4[0-9]{15}([0-9]{3})?|(5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[689][0-9])[0-9]{11,16}|35(2[89]|[3-8][0-9])[0-9]{12}|6(011|5[0-9]{2}|4[4-9][0-9]|22[0-9])[0-9]{12}|6[0-9]{15}|508[0-9]{13})$/
const CANDIDATE = /(?<![0-9])[0-9](?:[ .-]?[0-9]){13,18}(?![0-9])/g

/** Whether the text is a card number, written with or without blanks: begins like one and has its check digit. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, '')
  return ISSUED.test(digits) && hasCheckDigit(digits)
}

/** Whether there is a card number anywhere in a text. */
export function holdsCardNumber(text: string): boolean {
  return (text.match(CANDIDATE) ?? []).some(isCardNumber)
}

/** Luhn's check: https://en.wikipedia.org/wiki/Luhn_algorithm */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
