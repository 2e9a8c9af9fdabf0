-- An account is no more. ARGV: 1 time, 2 account
redis.call('ZREM', KEYS[1], ARGV[2])
for _, kind in ipairs({ 'state:', 's:', 'm:', 'h:' }) do redis.call('DEL', base .. kind .. ARGV[2]) end
return 1
