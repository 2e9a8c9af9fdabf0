-- Use that is recorded in the database may be taken. ARGV: 1 time, 2 account, 3 hour, 4 requests, 5 cents
local key = base .. 'a:' .. ARGV[2]
if tonumber(ARGV[3]) ~= hour or redis.call('EXISTS', key) == 0 then return 0 end
if redis.call('HGET', key, 'alh') == ARGV[3] then
  redis.call('HINCRBY', key, 'al', ARGV[4])
  redis.call('HINCRBY', key, 'alc', ARGV[5])
else
  redis.call('HSET', key, 'alh', ARGV[3], 'al', ARGV[4], 'alc', ARGV[5])
end
return 1
