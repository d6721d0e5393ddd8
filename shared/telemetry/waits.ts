/*
 * The waits after which somebody should look, in seconds: of the log, of reconciliation and of `./bazaar status`, and
 * of the alerts in `k8s/observability`, which a test compares.
 */

/** An order that is PENDING for longer is kept from being completed by something. */
export const PENDING_SECONDS_MAX = 60
/** A message that waits longer to be sent shows that the relay or the broker does not work. */
export const UNSENT_SECONDS_MAX = 60
