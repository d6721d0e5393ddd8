// A web page of somebody else's, on a port of its own, that calls the services with the published client.
import { createBazaar, problemOf } from '@bazaar/client'

const bazaar = createBazaar({
  baseUrls: await (await fetch('/services.json')).json(),
  attemptsMax: 2,
  session: {
    load: () => sessionStorage.getItem('bazaar'),
    save: (session) => sessionStorage.setItem('bazaar', session ?? ''),
  },
})

const show = (text) => {
  document.querySelector('output').textContent = text
}

function onSubmit(form, work) {
  document.querySelector(form).addEventListener('submit', async (event) => {
    event.preventDefault()
    show('')
    try {
      show(await work(Object.fromEntries(new FormData(event.target))))
    } catch (error) {
      show(problemOf(error)?.code ?? error.name)
    }
  })
}

onSubmit('#log-in', async ({ login, password }) => {
  await bazaar.user.logIn({ login, password })
  return `Hello ${await myName()}`
})

onSubmit('#offer', async ({ image }) => {
  const { body: product } = await bazaar.inventory.createProduct({
    name: 'Enamel kettle',
    description: 'Holds a litre and a half.',
    category: 'kitchen',
    priceMinor: 2_900,
    currency: 'EUR',
    stockCount: 10,
  })
  const progress = document.querySelector('progress')
  const { body: picture } = await bazaar.inventory.addImage(
    { productId: product.id, image },
    {
      onProgress: ({ sentBytes, totalBytes }) => {
        progress.value = sentBytes / totalBytes
      },
    },
  )
  document.querySelector('#picture').src = bazaar.imageUrl(picture.url)
  const { body: seen, etag } = await bazaar.inventory.readProduct({ productId: product.id })
  await bazaar.inventory.changeProduct(
    { productId: product.id, priceMinor: seen.priceMinor - 100 },
    { ifMatch: etag },
  )
  return product.id
})

onSubmit('#buy', async ({ productId }) => {
  const { body: addresses } = await bazaar.user.listAddresses()
  const { body: order } = await bazaar.order.placeOrder(
    {
      lines: [{ productId, quantity: 2 }],
      addressId: addresses.items[0].id,
      payment: { type: 'CARD', cardToken: 'tok_visa_4242' },
    },
    // As OpenTelemetry in a page does.
    {
      settleWithinMs: 60_000,
      headers: {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'shop=1',
        baggage: 'page=kettle',
      },
    },
  )
  return `${order.status} ${order.totalMinor}`
})

async function myName() {
  const { body: profile } = await bazaar.user.readProfile()
  return profile.name
}

if (sessionStorage.getItem('bazaar')) document.querySelector('#name').textContent = await myName()
