-- Keeps slots and keys alive. ARGV: 1 time, 2 until when slots live, 3 'XX', or 'NX' to take them up again in a state that has forgotten them,
--       4 how long keys live, 5.. account, ticket, account, ticket, …
for i = 5, #ARGV, 2 do redis.call('ZADD', base .. 's:' .. ARGV[i], ARGV[3], ARGV[2], ARGV[i + 1]) end
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  for _, kind in ipairs({ 'state:', 's:', 'm:', 'h:' }) do redis.call('PEXPIRE', base .. kind .. id, ARGV[4]) end
  redis.call('HDEL', base .. 'h:' .. id, hour - 26, (hour - 26) .. ':c', hour - 27, (hour - 27) .. ':c')
  if released then released(id) end
end
for _, key in ipairs({ KEYS[1], base .. 'turn', base .. 'pass' }) do redis.call('PEXPIRE', key, ARGV[4]) end
return 1
