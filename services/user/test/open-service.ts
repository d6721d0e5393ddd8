import { afterAll, afterEach, setDefaultTimeout } from 'bun:test'
import { type IamRelay, startIamRelay } from './iam-relay.ts'
import { startIam, startUserService, type TestIam, type TestUserService, TIMEOUT_MS } from './user-service.ts'

/**
 * Starts the user service and a real identity service for the tests of one file, and ends both after them. To be called while the
 * file is loaded.
 */
export async function openService(): Promise<{ iam: TestIam; service: TestUserService }> {
  setDefaultTimeout(TIMEOUT_MS)
  const iam = await startIam()
  const service = await startUserService(iam)
  afterAll(async () => {
    await service.close()
    await iam.close()
  })
  return { iam, service }
}

/** The same with a relay between the two, which delivers everything again after each test. */
export async function openRelayedService(): Promise<{
  iam: TestIam
  relay: IamRelay
  service: TestUserService
}> {
  setDefaultTimeout(TIMEOUT_MS)
  const iam = await startIam()
  const relay = await startIamRelay(iam.url)
  const service = await startUserService({ url: relay.url, apiKey: iam.apiKey })
  afterEach(() => {
    relay.onAnswer = async () => 'deliver'
  })
  afterAll(async () => {
    await service.close()
    relay.close()
    await iam.close()
  })
  return { iam, relay, service }
}
