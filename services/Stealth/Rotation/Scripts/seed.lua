-- Makes accounts known, or brings their configuration and health up to date; counts that are there stay.
-- ARGV: 1 time, 2 JSON: [{id, version, config {…}, st, hu, hv, xu, xv, hours {hour: [requests, cents]}, month, monN, monC, recent, leases {ticket: until}}],
--       3 how long a slot lives unless renewed, 4 how long keys live without being used
local slot, life = tonumber(ARGV[3]), tonumber(ARGV[4])
for _, seed in ipairs(cjson.decode(ARGV[2])) do
  local key = base .. 'a:' .. seed.id
  local known = redis.call('HMGET', key, 'cv', 'hv', 'xv')
  local new = not known[1]
  if new or tonumber(known[1]) < seed.version then
    redis.call('HSET', key, 'cv', seed.version)
    for field, value in pairs(seed.config) do redis.call('HSET', key, field, value) end
  end
  if new or tonumber(known[2]) < seed.hv then redis.call('HSET', key, 'st', seed.st, 'hu', seed.hu, 'hv', seed.hv) end
  if new or tonumber(known[3]) < seed.xv then redis.call('HSET', key, 'xu', seed.xu, 'xv', seed.xv) end
  if new then
    local last, today = 0, 0
    for h, use in pairs(seed.hours) do
      redis.call('HSET', base .. 'h:' .. seed.id, h, use[1], h .. ':c', use[2])
      if tonumber(h) >= hour - 1 then last = last + use[1] end
      if math.floor(tonumber(h) / 24) == day then today = today + use[1] end
    end
    redis.call('HSET', key, 'dayId', day, 'dayN', today, 'monId', month, 'monN', seed.month == month and seed.monN or 0, 'monC', seed.month == month and seed.monC or 0)
    -- What was forgotten is taken to have been as much as was allowed: a full minute, running requests, a rest that is due.
    if last > 0 then
      local config = seed.config
      redis.call('HSET', key, 'bu', now + (config.rpm > 0 and math.max(60000, slot) or slot))
      if config.restN > 0 then
        if last >= config.restN then
          redis.call('HSET', key, 'ru', now + config.restMs)
        else
          redis.call('HSET', key, 'rn', last)
        end
      end
    end
    for ticket, at in pairs(seed.leases) do redis.call('ZADD', base .. 's:' .. seed.id, at, ticket) end
  end
  redis.call('ZADD', KEYS[1], 'NX', 0, seed.id)
  redis.call('PEXPIRE', key, life)
end
redis.call('PEXPIRE', KEYS[1], life)
return 1
