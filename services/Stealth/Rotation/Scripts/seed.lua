-- Makes accounts known, or brings their configuration and health up to date; counts that are there stay.
-- ARGV: 1 time, 2 JSON: [{id, version, config {…}, st, hu, hv, xu, xv, hours {hour: [requests, cents]}, month, monN, monC, recent, leases {ticket: until}}],
--       3 how long a slot lives unless renewed, 4 how long keys live without being used
local slot, life = tonumber(ARGV[3]), tonumber(ARGV[4])
local month = month_of(day)
for _, seed in ipairs(cjson.decode(ARGV[2])) do
  local a = read(seed.id)
  local new = not a
  if new then
    a = { id = seed.id, turn = 0, cu = 0, bu = 0, rn = 0, ru = 0, pr = 0, prN = 0, minId = 0, minN = 0, dayId = day, dayN = 0, monId = month,
      monN = seed.month == month and seed.monN or 0, monC = seed.month == month and seed.monC or 0, creditHour = 0, creditN = 0, creditCents = 0 }
  end
  if new or a.cv < seed.version then
    a.cv = seed.version
    for field, value in pairs(seed.config) do a[field] = value end
  end
  if new or a.hv < seed.hv then a.st, a.hu, a.hv = seed.st, seed.hu, seed.hv end
  if new or a.xv < seed.xv then a.xu, a.xv = seed.xu, seed.xv end
  if new then
    local last = 0
    for h, use in pairs(seed.hours) do
      redis.call('HSET', base .. 'h:' .. seed.id, h, use[1], h .. ':c', use[2])
      if tonumber(h) >= hour - 1 then last = last + use[1] end
      if math.floor(tonumber(h) / 24) == day then a.dayN = a.dayN + use[1] end
    end
    -- What was forgotten is taken to have been as much as was allowed: a full minute, running requests, a rest that is due.
    if last > 0 then
      a.bu = now + (a.rpm > 0 and math.max(60000, slot) or slot)
      if a.restN > 0 and last >= a.restN then
        a.ru = now + a.restMs
      elseif a.restN > 0 then
        a.rn = last
      end
    end
    for ticket, at in pairs(seed.leases) do redis.call('ZADD', base .. 's:' .. seed.id, at, ticket) end
  end
  write(a)
  redis.call('ZADD', KEYS[1], 'NX', 0, seed.id)
  redis.call('PEXPIRE', base .. 'state:' .. seed.id, life)
end
redis.call('PEXPIRE', KEYS[1], life)
return 1
