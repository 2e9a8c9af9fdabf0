-- More use is recorded in the database in advance, and may be taken from now on. ARGV: 1 time, 2 account, 3 hour, 4 requests, 5 cents
local a = tonumber(ARGV[3]) == hour and read(ARGV[2])
if not a then return 0 end
if a.creditHour ~= hour then a.creditHour, a.creditN, a.creditCents = hour, 0, 0 end
a.creditN, a.creditCents = a.creditN + tonumber(ARGV[4]), a.creditCents + tonumber(ARGV[5])
write(a)
return 1
