-- Gives a slot back and keeps what was learned.
-- ARGV: 1 time, 2 account, 3 ticket ('' keeps a lease's slot), 4 cool until (0: no), 5 the provider's own window: its reset (0: none), 6 and what is left
local id, ticket, cool, reset = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
if ticket ~= '' then redis.call('ZREM', base .. 's:' .. id, ticket) end
if (cool > 0 or reset > 0 or released) and redis.call('EXISTS', base .. 'a:' .. id) == 1 then
  if cool > 0 then
    local known = redis.call('HMGET', base .. 'a:' .. id, 'cu', 'st')
    if (tonumber(known[1]) or 0) < cool then redis.call('HSET', base .. 'a:' .. id, 'cu', cool) end
    -- At once, so that one request probes it afterwards even while the database is away.
    if known[2] == 'healthy' or known[2] == 'degraded' then redis.call('HSET', base .. 'a:' .. id, 'st', 'cooling') end
  end
  if reset > 0 then redis.call('HSET', base .. 'a:' .. id, 'pr', reset, 'prN', ARGV[6]) end
  if released and ticket ~= '' then released(id) end
end
return 1
