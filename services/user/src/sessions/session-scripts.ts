/** KEYS: record, index. ARGV: session, milliseconds idle, member, now, milliseconds at most, sessions at most. */
export const ADD = `
for _, member in ipairs(redis.call('zrange', KEYS[2], 0, -1)) do
  if redis.call('exists', 'session:' .. string.match(member, ':(.+)$')) == 0 then
    redis.call('zrem', KEYS[2], member)
  end
end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('zadd', KEYS[2], ARGV[4], ARGV[3])
redis.call('pexpire', KEYS[2], math.max(redis.call('pttl', KEYS[2]), tonumber(ARGV[5])))
while redis.call('zcard', KEYS[2]) > tonumber(ARGV[6]) do
  local oldest = redis.call('zpopmin', KEYS[2])[1]
  redis.call('del', 'session:' .. string.match(oldest, ':(.+)$'))
end
return 1`

/**
 * KEYS: index, records. ARGV: `only` or `except`, session id. Returns the number of sessions that were to be ended.
 */
export const END = `
local ended = 0
for number = 2, #KEYS do
  ended = ended + redis.call('del', KEYS[number])
end
for _, member in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do
  local id, hash = string.match(member, '^([^:]+):(.+)$')
  if (id == ARGV[2]) == (ARGV[1] == 'only') then
    ended = ended + redis.call('del', 'session:' .. hash)
    redis.call('zrem', KEYS[1], member)
  end
end
return ended`

/** KEYS: index. ARGV: `yes` or `no`: whether the e-mail address is verified. How long each session lives stays as it is. */
export const MARK = `
for _, member in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do
  local record = 'session:' .. string.match(member, ':(.+)$')
  local text = redis.call('get', record)
  if text then
    local session = cjson.decode(text)
    session.emailVerified = ARGV[1] == 'yes'
    redis.call('set', record, cjson.encode(session), 'KEEPTTL')
  end
end
return 1`
