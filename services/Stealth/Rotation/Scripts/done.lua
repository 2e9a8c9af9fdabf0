-- Gives a slot back and keeps what was learned.
-- ARGV: 1 time, 2 account, 3 ticket ('' keeps a lease's slot), 4 cool until (0: no), 5 the provider's own window: its reset (0: none), 6 and what is left,
--       7 outcome ('ok' or the error class), 8 milliseconds, 9 cents, 10 proxy ('' for none)
local id, ticket, cool, reset = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
if ticket ~= '' then redis.call('ZREM', base .. 's:' .. id, ticket) end
if redis.call('EXISTS', base .. 'a:' .. id) == 1 then
  if cool > 0 then
    local known = redis.call('HMGET', base .. 'a:' .. id, 'cu', 'st')
    if (tonumber(known[1]) or 0) < cool then redis.call('HSET', base .. 'a:' .. id, 'cu', cool) end
    -- At once, so that one request probes it afterwards even while the database is away.
    if known[2] == 'healthy' or known[2] == 'degraded' then redis.call('HSET', base .. 'a:' .. id, 'st', 'cooling') end
  end
  if reset > 0 then redis.call('HSET', base .. 'a:' .. id, 'pr', reset, 'prN', ARGV[6]) end
  if released and ticket ~= '' then released(id) end
end

-- Bucket k holds what took at most 2^(k/4) ms.
local ms = math.max(1, tonumber(ARGV[8]))
local bucket = math.ceil(math.log(ms) / math.log(2) * 4)
local function note(key, life)
  redis.call('HINCRBY', key, 'n', 1)
  redis.call('HINCRBY', key, 'ms', math.floor(ms))
  redis.call('HINCRBY', key, 'l' .. bucket, 1)
  if ARGV[7] ~= 'ok' then redis.call('HINCRBY', key, 'e:' .. ARGV[7], 1) end
  if ARGV[9] ~= '0' then redis.call('HINCRBY', key, 'cents', ARGV[9]) end
  redis.call('PEXPIRE', key, life)
end
note(base .. 'th:' .. id .. ':' .. hour, 25 * HOUR)
note(base .. 'tm:' .. id .. ':' .. math.floor(now / 60000), 5 * 60000)
if ARGV[10] ~= '' then note(base .. 'th:' .. ARGV[10] .. ':' .. hour, 25 * HOUR) end
return 1
