-- KEYS[1] counter; ARGV[1] interval of one request and ARGV[2] tolerance (interval x burst), both in microseconds; ARGV[3] how many are wanted.
-- Answers {granted, remaining, retry after, reset}, times in microseconds. The server's clock, so that gateways need not agree on theirs.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local tolerance = tonumber(ARGV[2])
local start = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local granted = math.min(tonumber(ARGV[3]), math.floor((tolerance - (start - now)) / interval))
if granted < 1 then
  return {0, 0, start + interval - tolerance - now, start - now}
end
local arrival = start + granted * interval
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000) + 1)
return {granted, math.floor((tolerance - (arrival - now)) / interval), 0, arrival - now}
