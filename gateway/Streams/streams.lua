-- KEYS[1] the member's open streams, by when they expire. ARGV[1] the stream's id, ARGV[2] how long it counts (ms), ARGV[3] how many may be open.
-- Opens a stream, or keeps an open one; answers 1, or 0 when it would be one too many. The server's clock, so that gateways need not agree on theirs.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  return 0
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
