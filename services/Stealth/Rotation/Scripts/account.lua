-- What every script of the rotation knows of an account. All keys of a provider share one hash tag: {provider}.
--   order:<strategy>  zset  account -> its place by the strategy
--   a:<account>       hash  limits (conc, rpm, rpd, rpmo, spend, slide, restN, restMs, weight), health (st, hu), counts
--   s:<account>       zset  ticket -> when its slot expires, unless its replica renews it
--   m:<account>       zset  ticket -> when it was taken, of the last minute (sliding limits)
--   h:<account>       hash  hour -> requests, hour:c -> cents
-- Times are milliseconds. ARGV[1] is the time, or 0 for the server's own clock, so that replicas need not agree on theirs.
local base = string.match(KEYS[1], '^(.*:)order:')
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local HOUR, DAY = 3600000, 86400000
local hour, day = math.floor(now / HOUR), math.floor(now / DAY)
local FIELDS = { 'st', 'hu', 'cu', 'bu', 'xu', 'conc', 'rpm', 'rpd', 'rpmo', 'spend', 'slide', 'restN', 'restMs', 'weight',
  'ru', 'rn', 'pr', 'prN', 'minId', 'minN', 'dayId', 'dayN', 'monId', 'monN', 'monC', 'al', 'alc', 'alh' }
local arrange, rank, released

-- Days since 1970 -> year * 12 + month - 1 (proleptic Gregorian; H. Hinnant, chrono-compatible date algorithms).
local function month_of(days)
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local m = mp < 10 and mp + 3 or mp - 9
  return (yoe + era * 400 + (m <= 2 and 1 or 0)) * 12 + m - 1
end
local month = month_of(day)

local function month_end()
  local days = day + 28
  while month_of(days) == month do days = days + 1 end
  while month_of(days - 1) ~= month do days = days - 1 end
  return days * DAY
end

local function account(id)
  local values = redis.call('HMGET', base .. 'a:' .. id, unpack(FIELDS))
  if not values[1] then return nil end
  local a = { id = id, st = values[1] }
  for i = 2, #FIELDS do a[FIELDS[i]] = tonumber(values[i]) or 0 end
  redis.call('ZREMRANGEBYSCORE', base .. 's:' .. id, '-inf', now)
  a.inflight = redis.call('ZCARD', base .. 's:' .. id)
  return a
end

-- Half-open: its time away is over, and one request at a time finds out whether it works again.
local function half_open(a)
  return a.st == 'cooling' or a.st == 'banned'
end

local function load_of(a)
  return a.inflight / a.conc
end

-- The last 24 hours by hours, the one that has begun before them included: never too few.
local function hours_of(a)
  local names = {}
  for i = hour - 24, hour do names[#names + 1] = tostring(i) end
  return redis.call('HMGET', base .. 'h:' .. a.id, unpack(names))
end

local function count(a)
  if a.slide == 1 then
    a.minute, a.day = 0, a.dayId == day and a.dayN or 0
    if a.rpm > 0 then
      redis.call('ZREMRANGEBYSCORE', base .. 'm:' .. a.id, '-inf', now - 60000)
      a.minute = redis.call('ZCARD', base .. 'm:' .. a.id)
    end
    if a.rpd > 0 then
      a.day = 0
      for _, n in ipairs(hours_of(a)) do a.day = a.day + (tonumber(n) or 0) end
    end
  else
    a.minute = a.minId == math.floor(now / 60000) and a.minN or 0
    a.day = a.dayId == day and a.dayN or 0
  end
  a.month = a.monId == month and a.monN or 0
  a.cents = a.monId == month and a.monC or 0
end

local function minute_end(a)
  if a.slide ~= 1 then return (math.floor(now / 60000) + 1) * 60000 end
  local first = redis.call('ZRANGE', base .. 'm:' .. a.id, a.minute - a.rpm, a.minute - a.rpm, 'WITHSCORES')
  return tonumber(first[2]) + 60000
end

local function day_end(a)
  if a.slide ~= 1 then return (day + 1) * DAY end
  local left = a.day
  for i, n in ipairs(hours_of(a)) do
    left = left - (tonumber(n) or 0)
    if left < a.rpd then return (hour - 24 + i - 1 + 25) * HOUR end
  end
  return (hour + 25) * HOUR
end

-- Why the account can't take a request now and when it can: nothing when it can; time 0 = at any moment, -1 = not by itself.
-- 'call' goes on with a lease, which has its slot already and is not kept from its work by a rest.
local function why(a, mode, cost)
  count(a)
  local away = math.max(a.hu, a.cu)
  if a.st == 'disabled' then return 'disabled', -1 end
  if now < away then return a.st == 'banned' and 'banned' or 'cooling', away end
  if now < a.xu then return 'proxy', a.xu end
  if now < a.bu then return 'rebuilding', a.bu end
  if now < a.pr and a.prN <= 0 then return 'provider-limit', a.pr end
  if mode ~= 'call' then
    if now < a.ru then return 'resting', a.ru end
    if half_open(a) and a.inflight >= 1 then return 'probing', 0 end
    if a.inflight >= a.conc then return 'concurrency', 0 end
  end
  if a.rpm > 0 and a.minute >= a.rpm then return 'requests-per-minute', minute_end(a) end
  if a.rpd > 0 and a.day >= a.rpd then return 'requests-per-day', day_end(a) end
  if a.rpmo > 0 and a.month >= a.rpmo then return 'requests-per-month', month_end() end
  if a.spend > 0 and a.cents + cost > a.spend then return 'spend', month_end() end
end
