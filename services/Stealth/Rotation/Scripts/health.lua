-- Health as it was decided. ARGV: 1 time, 2 account, 3 'account' or 'proxy', 4 status, 5 until, 6 version, 7 '1': also ends what replicas imposed meanwhile
local key = base .. 'a:' .. ARGV[2]
local version = redis.call('HGET', key, ARGV[3] == 'account' and 'hv' or 'xv')
-- The same version may have come with the configuration already; what an operator ends must end all the same.
if not version or tonumber(version) > tonumber(ARGV[6]) then return 0 end
if ARGV[3] == 'account' then
  redis.call('HSET', key, 'st', ARGV[4], 'hu', ARGV[5], 'hv', ARGV[6])
  if ARGV[7] == '1' then redis.call('HSET', key, 'cu', 0, 'ru', 0, 'rn', 0, 'bu', 0) end
else
  redis.call('HSET', key, 'xu', ARGV[5], 'xv', ARGV[6])
end
return 1
