-- Gives a slot back, and nothing else. ARGV: 1 time, 2 account, 3 ticket
local removed = redis.call('ZREM', base .. 's:' .. ARGV[2], ARGV[3])
if released then released(ARGV[2]) end
return removed
