-- Health as it was decided. ARGV: 1 time, 2 account, 3 'account' or 'proxy', 4 status, 5 until, 6 version, 7 '1': also ends what replicas imposed meanwhile
local a = read(ARGV[2])
local of_account, version = ARGV[3] == 'account', tonumber(ARGV[6])
-- The same version may have come with the configuration already; what an operator ends must end all the same.
if not a or (of_account and a.hv or a.xv) > version then return 0 end
if of_account then
  a.st, a.hu, a.hv = ARGV[4], tonumber(ARGV[5]), version
  if ARGV[7] == '1' then a.cu, a.ru, a.rn, a.bu = 0, 0, 0, 0 end
else
  a.xu, a.xv = tonumber(ARGV[5]), version
end
write(a)
return 1
