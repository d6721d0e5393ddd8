import type { Dashboard } from './panels.ts'

/** The expression summed by a label, each second. */
const rateBy = (label: string, metric: string) => `sum by (${label}) (rate(${metric}[$__rate_interval]))`
const rate = (metric: string) => `sum(rate(${metric}[$__rate_interval]))`
const quantile = (share: number, histogram: string, selector = '') =>
  `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket${selector}[$__rate_interval])))`

const marketplace: Dashboard = {
  uid: 'bazaar-marketplace',
  title: 'marketplace',
  about:
    'What buyers and sellers feel: whether orders are confirmed, how long a page takes, and what is refused.',
  now: [
    {
      title: 'Services that can answer',
      about: 'The instances that are ready, by service. None of a service: ServiceNotReady pages.',
      lines: [{ expr: 'sum by (service) (service_ready)', legend: '{{service}}' }],
    },
    {
      title: 'Oldest order in work',
      about: 'An order is completed within moments. Above a minute OrdersNotCompleted pages.',
      unit: 's',
      lines: [{ expr: 'max(orders_pending_oldest_age_seconds)', legend: 'age' }],
    },
    {
      title: 'Confirmed in an hour',
      about: 'Orders that were confirmed in the last hour.',
      lines: [{ expr: 'sum(increase(orders_confirmed_total[1h]))', legend: 'orders' }],
    },
    {
      title: 'Answers that are errors',
      about:
        'The share of answers with a status of 500 and above in five minutes. More than a hundredth is not normal.',
      unit: 'percentunit',
      lines: [
        {
          expr: 'sum(rate(http_request_duration_seconds_count{status=~"5.."}[5m])) / sum(rate(http_request_duration_seconds_count[5m]))',
          legend: 'share',
        },
      ],
    },
  ],
  overTime: [
    {
      title: 'Orders a second',
      about:
        'Placed and confirmed belong together; a gap between them that stays is an order that waits or is rejected.',
      unit: 'ops',
      lines: [
        { expr: rate('orders_placed_total'), legend: 'placed' },
        { expr: rate('orders_confirmed_total'), legend: 'confirmed' },
        { expr: rateBy('extent', 'orders_cancelled_total'), legend: 'cancelled: {{extent}}' },
      ],
    },
    {
      title: 'Orders that were refused or rejected',
      about:
        'Refused before they were kept, by code; rejected afterwards, by reason. Sold out is honest, most else is not.',
      unit: 'ops',
      lines: [
        { expr: rateBy('code', 'orders_refused_total'), legend: 'refused: {{code}}' },
        { expr: rateBy('reason', 'orders_rejected_total'), legend: 'rejected: {{reason}}' },
      ],
    },
    {
      title: 'Time to an answer',
      about: 'Of all operations of all services: half, and all but a hundredth, are answered in this time.',
      unit: 's',
      lines: [
        { expr: quantile(0.5, 'http_request_duration_seconds'), legend: 'half' },
        { expr: quantile(0.99, 'http_request_duration_seconds'), legend: '99 of 100' },
      ],
    },
    {
      title: 'Orders in work',
      about: 'Orders that are PENDING, and how long the oldest one is.',
      lines: [
        { expr: 'max(orders_pending)', legend: 'orders' },
        { expr: 'max(orders_pending_oldest_age_seconds)', legend: 'age of the oldest in seconds' },
      ],
    },
    {
      title: 'Reservations a second',
      about:
        'Held for orders, refused, expired because nobody confirmed them, and put back after a cancellation.',
      unit: 'ops',
      lines: [
        { expr: rate('reservations_held_total'), legend: 'held' },
        { expr: rateBy('code', 'reservations_refused_total'), legend: 'refused: {{code}}' },
        { expr: rate('reservations_expired_total'), legend: 'expired' },
        { expr: rate('reservations_released_total'), legend: 'put back' },
      ],
    },
    {
      title: 'Log-ins',
      about:
        'Requests to log in by status. Many 401 are somebody who tries passwords, many 503 page LogInsFail.',
      unit: 'ops',
      lines: [
        {
          expr: 'sum by (status) (rate(http_request_duration_seconds_count{operation="logIn"}[$__rate_interval]))',
          legend: '{{status}}',
        },
      ],
    },
  ],
}

const money: Dashboard = {
  uid: 'bazaar-money',
  title: 'money',
  about: 'What is taken and given back, and whether the books agree.',
  now: [
    {
      title: 'Differences',
      about:
        'What the reconciler found in a day. Any one raises DifferenceFound: ./bazaar reconcile names them.',
      lines: [{ expr: 'sum(increase(reconciliation_differences_total[1d]))', legend: 'differences' }],
    },
    {
      title: 'Broken invariants',
      about:
        'Changes that were rolled back because they would have broken an invariant. One raises InvariantViolated.',
      lines: [{ expr: 'sum(increase(invariant_violation_total[1d]))', legend: 'violations' }],
    },
    {
      title: 'Declined of ten',
      about: 'The share of payments that the provider declined within an hour.',
      unit: 'percentunit',
      lines: [
        {
          expr: 'sum(increase(payments_declined_total[1h])) / (sum(increase(payments_declined_total[1h])) + sum(increase(payments_captured_total[1h])))',
          legend: 'share',
        },
      ],
    },
  ],
  overTime: [
    {
      title: 'Payments a second',
      about: 'Taken, declined and given back. If none is taken while many are declined, NothingPaid pages.',
      unit: 'ops',
      lines: [
        { expr: rate('payments_captured_total'), legend: 'taken' },
        { expr: rate('payments_declined_total'), legend: 'declined' },
        { expr: rate('refunds_paid_total'), legend: 'given back' },
      ],
    },
    {
      title: 'Money taken in an hour',
      about: 'In minor units of each currency, such as cents.',
      lines: [
        {
          expr: 'sum by (currency) (increase(payments_captured_minor_units_total[1h]))',
          legend: '{{currency}}',
        },
      ],
    },
    {
      title: 'Money given back in an hour',
      about: 'In minor units of each currency, such as cents.',
      lines: [
        { expr: 'sum by (currency) (increase(refunds_paid_minor_units_total[1h]))', legend: '{{currency}}' },
      ],
    },
    {
      title: 'Differences by kind',
      about: 'What each comparison of the records found.',
      lines: [
        {
          expr: 'sum by (difference) (increase(reconciliation_differences_total[1h]))',
          legend: '{{difference}}',
        },
      ],
    },
  ],
}

const storesAndMessages: Dashboard = {
  uid: 'bazaar-stores-and-messages',
  title: 'stores and messages',
  about:
    'Databases, the outbox, the queues and letters: what stands between a commit and its effect elsewhere.',
  now: [
    {
      title: 'Oldest unsent message',
      about:
        'Healthy below two seconds. Above a minute MessagesUnsent raises an alert: the broker cannot be reached.',
      unit: 's',
      lines: [{ expr: 'max by (service) (outbox_oldest_age_seconds)', legend: '{{service}}' }],
    },
    {
      title: 'Dead letters in a day',
      about: 'Messages that were set aside with a reason (DeadLetters): ./bazaar messages list names them.',
      lines: [{ expr: 'sum(increase(messages_dead_lettered_total[1d]))', legend: 'messages' }],
    },
    {
      title: 'Letters that wait',
      about: 'Letters to people that are not sent: ./bazaar letters list names them.',
      lines: [{ expr: 'max(letters_unsent)', legend: 'letters' }],
    },
    {
      title: 'Log lines lost',
      about: 'Lines that could not be written in a day. More than none: a disk is full.',
      lines: [{ expr: 'sum(increase(log_lines_dropped_total[1d]))', legend: 'lines' }],
    },
  ],
  overTime: [
    {
      title: 'Connections in use',
      about: 'Connections to the database with which something is being done, by service.',
      lines: [{ expr: 'sum by (service) (database_connections_in_use)', legend: '{{service}}' }],
    },
    {
      title: 'Wait for a connection',
      about: 'All but a hundredth of the work waited no longer than this.',
      unit: 's',
      lines: [
        {
          expr: 'histogram_quantile(0.99, sum by (le, service) (rate(database_connection_wait_seconds_bucket[$__rate_interval])))',
          legend: '{{service}}',
        },
      ],
    },
    {
      title: 'Transactions that ran again',
      about:
        'Rolled back and repeated, by reason. Some deadlocks are normal; many of them are a hot product.',
      unit: 'ops',
      lines: [
        { expr: rateBy('service, reason', 'transaction_retries_total'), legend: '{{service}}: {{reason}}' },
      ],
    },
    {
      title: 'Messages a second',
      about: 'Sent and handled belong together; tried again and set aside should be rare.',
      unit: 'ops',
      lines: [
        { expr: rateBy('type', 'messages_sent_total'), legend: 'sent: {{type}}' },
        { expr: rateBy('queue', 'messages_consumed_total'), legend: 'handled: {{queue}}' },
        { expr: rateBy('queue', 'messages_retried_total'), legend: 'tried again: {{queue}}' },
        { expr: rateBy('queue', 'messages_dead_lettered_total'), legend: 'set aside: {{queue}}' },
      ],
    },
    {
      title: 'Messages in the outbox',
      about: 'Written with their change and not confirmed by the broker yet.',
      lines: [{ expr: 'max by (service) (outbox_unsent)', legend: '{{service}}' }],
    },
    {
      title: 'Letters',
      about: 'Sent, and set aside, a second; and the age of the oldest that waits.',
      lines: [
        { expr: rate('letters_sent_total'), legend: 'sent' },
        { expr: rate('letters_set_aside_total'), legend: 'set aside' },
        { expr: 'max(letters_oldest_age_seconds)', legend: 'age of the oldest in seconds' },
      ],
    },
  ],
}

const OF_SERVICE = '{service="$service"}'

const oneService: Dashboard = {
  uid: 'bazaar-one-service',
  title: 'one service',
  about: 'One service from the outside in: requests by operation, errors, the runtime and its memory.',
  ofOneService: true,
  now: [
    {
      title: 'Instances that can answer',
      about: 'None: ServiceNotReady pages.',
      lines: [{ expr: `sum(service_ready${OF_SERVICE})`, legend: 'instances' }],
    },
    {
      title: 'Requests a second',
      about: 'All operations, all statuses.',
      unit: 'reqps',
      lines: [
        { expr: `sum(rate(http_request_duration_seconds_count${OF_SERVICE}[5m]))`, legend: 'requests' },
      ],
    },
    {
      title: '99 of 100 are answered within',
      about: 'Of all operations in five minutes.',
      unit: 's',
      lines: [
        {
          expr: `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket${OF_SERVICE}[5m])))`,
          legend: 'time',
        },
      ],
    },
  ],
  overTime: [
    {
      title: 'Requests by operation',
      about: 'As the documents of the API name them.',
      unit: 'reqps',
      lines: [
        {
          expr: rateBy('operation', `http_request_duration_seconds_count${OF_SERVICE}`),
          legend: '{{operation}}',
        },
      ],
    },
    {
      title: 'Refusals and errors',
      about:
        'Answers by status, without those of success. 503 is a store or a service that cannot be reached.',
      unit: 'reqps',
      lines: [
        {
          expr: 'sum by (status) (rate(http_request_duration_seconds_count{service="$service",status=~"[45].."}[$__rate_interval]))',
          legend: '{{status}}',
        },
      ],
    },
    {
      title: 'Time to an answer, by operation',
      about: 'All but a hundredth of the requests of an operation are answered in this time.',
      unit: 's',
      lines: [
        {
          expr: `histogram_quantile(0.99, sum by (le, operation) (rate(http_request_duration_seconds_bucket${OF_SERVICE}[$__rate_interval])))`,
          legend: '{{operation}}',
        },
      ],
    },
    {
      title: 'Delay of the event loop',
      about: 'How late the runtime comes to what is due. Above a tenth of a second everything waits.',
      unit: 's',
      lines: [
        { expr: `max by (instance) (nodejs_eventloop_lag_p99_seconds${OF_SERVICE})`, legend: '{{instance}}' },
      ],
    },
    {
      title: 'Memory',
      about: 'What the process holds. It is level after some minutes of the same load.',
      unit: 'bytes',
      lines: [
        { expr: `max by (instance) (process_resident_memory_bytes${OF_SERVICE})`, legend: '{{instance}}' },
      ],
    },
    {
      title: 'Passwords',
      about: 'Being hashed, and waiting for it. Only iam has these; twelve that wait raise PasswordsQueue.',
      lines: [
        { expr: `sum(password_hashes_working${OF_SERVICE})`, legend: 'in work' },
        { expr: `sum(password_hashes_waiting${OF_SERVICE})`, legend: 'waiting' },
      ],
    },
  ],
}

/** All dashboards, the one to look at first first. */
export const dashboards: readonly Dashboard[] = [marketplace, oneService, storesAndMessages, money]
