using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddTokens();
builder.AddServiceDefaults("profile");
builder.AddServiceDatabase<ProfileDb>("profiledb");
builder.AddRedisClient("redis");
builder.AddIdempotency();
builder.AddMessaging("profile", messaging => { });
builder.AddAccounts();
builder.AddSessions();

var app = builder.Build();
app.UseServiceDefaults();
app.MapTokens();
app.MapAccounts();
app.MapSessions();
app.Run();
