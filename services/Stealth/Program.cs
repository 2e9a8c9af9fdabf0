using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Proxies;
using Son1kVers3.Stealth.Secrets;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("stealth");
builder.AddServiceDatabase<StealthDb>("stealthdb");
builder.AddIdempotency();
builder.AddMessaging("stealth", messaging => { });
builder.AddSecretBox();

var app = builder.Build();
app.UseServiceDefaults();
app.MapAccountEndpoints();
app.MapProxyEndpoints();
app.MapStealthHealth();
app.Run();
