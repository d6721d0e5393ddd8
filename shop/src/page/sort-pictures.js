/*
 * Has the pictures of a product dragged into order, by mouse or by finger, and moves them at once when one of the buttons for
 * that is pressed. Whatever happens, the form is what is sent; if its answer is anything but "done", the browser sends the form
 * itself, and the page of the shop says what is wrong.
 */

const shelf = document.querySelector('.shelf')
const form = shelf.closest('form')
const said = document.createElement('p')
said.setAttribute('role', 'status')
said.className = 'hint'
shelf.after(said)

const items = () => [...shelf.children]

/** Sends the form as it is now, and says where the picture is. */
async function save(item) {
  said.textContent = ''
  renew()
  const body = new FormData(form)
  body.append('by', 'script')
  const answer = await fetch(form.action, { method: 'POST', body }).catch(() => undefined)
  if (answer?.status !== 204) return form.requestSubmit()
  const words = { place: items().indexOf(item) + 1, count: items().length }
  said.textContent = shelf.dataset.moved.replace(/\{(\w+)\}/g, (_, word) => words[word])
}

/** Which buttons can be pressed depends on the place. */
function renew() {
  for (const [index, item] of items().entries())
    for (const button of item.querySelectorAll('button')) {
      const isOff = button.name === 'later' ? index === items().length - 1 : index === 0
      if (button.name !== 'remove') button.disabled = isOff
    }
}

form.addEventListener('submit', (event) => {
  const button = event.submitter
  const item = button?.closest('.shelf > li')
  if (!item || button.name === 'remove') return
  event.preventDefault()
  const { previousElementSibling: before, nextElementSibling: after } = item
  if (button.name === 'front') shelf.prepend(item)
  if (button.name === 'earlier') before.before(item)
  if (button.name === 'later') after.after(item)
  save(item)
  // A button that cannot be pressed any more loses the focus, which then goes to one that can.
  const next = button.disabled ? item.querySelector('.moves button:not(:disabled)') : button
  next.focus()
})

/** A handle to drag by; for the keyboard and for screen readers there are the buttons. */
for (const item of items()) {
  const handle = document.createElement('span')
  handle.className = 'handle'
  handle.setAttribute('aria-hidden', 'true')
  item.prepend(handle)
}
shelf.classList.add('sortable')
shelf.addEventListener('dragstart', (event) => event.preventDefault())
shelf.addEventListener('pointerdown', (event) => {
  const item = event.target.closest('li')
  const isHeld =
    event.target.matches('.handle') || (event.pointerType === 'mouse' && event.target.matches('img'))
  if (!item || !isHeld || event.button !== 0) return
  const before = items()
  // Not the picture itself: moved about in the page, it would lose the pointer.
  shelf.setPointerCapture(event.pointerId)
  item.classList.add('dragged')
  const move = ({ clientX, clientY }) => {
    const over = document.elementFromPoint(clientX, clientY)?.closest('.shelf > li')
    if (!over || over === item) return
    if (items().indexOf(over) < items().indexOf(item)) over.before(item)
    else over.after(item)
  }
  const end = () => {
    shelf.removeEventListener('pointermove', move)
    item.classList.remove('dragged')
    if (items().some((one, index) => one !== before[index])) save(item)
  }
  shelf.addEventListener('pointermove', move)
  shelf.addEventListener('lostpointercapture', end, { once: true })
})
