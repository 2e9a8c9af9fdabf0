using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.Stealth;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Egress;
using Son1kVers3.Stealth.Monitoring;
using Son1kVers3.Stealth.Providers;
using Son1kVers3.Stealth.Proxies;
using Son1kVers3.Stealth.Secrets;
using Son1kVers3.Stealth.Transfer;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("stealth");
builder.AddServiceDatabase<StealthDb>("stealthdb");
builder.AddDatabaseNotifications();
builder.AddRotationRedis();
builder.AddIdempotency();
builder.AddMessaging("stealth", messaging => { });
builder.AddStealth();

var app = builder.Build();
// A missing secret stops the start, not the first request.
if (!EF.IsDesignTime)
{
    app.Services.GetRequiredService<MasterKeys>();
    app.Services.GetRequiredService<EgressCredential>();
}

app.UseServiceDefaults();
app.MapAccounts();
app.MapKeys();
app.MapProxies();
app.MapProviders();
app.MapTransfer();
app.MapStealthHealth();
app.MapStats();
app.MapEvents();
app.MapRotate();
app.MapEgress();
app.Run();
